<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("rowlockRegisteredMailWhat", realmName)}</p>
<p><a class="button" href="${signInUrl}">${msg("rowlockRegisteredMailSignInButton")}</a></p>
<#if resetUrl??><p>${msg("rowlockRegisteredMailForgotten")} <a href="${resetUrl}">${msg("rowlockRegisteredMailChoose")}</a></p></#if>
<p class="quiet">${msg("rowlockRegisteredMailIgnore")}</p>
</@layout.emailLayout>
