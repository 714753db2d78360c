<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("rowlockRegisteredMailWhat", realmName)}</p>
<p>${msg("rowlockRegisteredMailSignIn", "")} <a href="${signInUrl}">${signInUrl}</a></p>
<#if resetUrl??><p>${msg("rowlockRegisteredMailReset", "")} <a href="${resetUrl}">${resetUrl}</a></p></#if>
<p>${msg("rowlockRegisteredMailIgnore")}</p>
</@layout.emailLayout>
