<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("rowlockReuseMailWhat", when, clientName, realmName)}</p>
<p>${msg("rowlockReuseMailEnded_" + ended, clientName)}</p>
<p>${msg("rowlockReuseMailDo", "")}</p>
<p><a class="button" href="${accountUrl}">${msg("rowlockReuseMailAccount")}</a></p>
<p class="quiet">${msg("rowlockReuseMailIgnore")}</p>
</@layout.emailLayout>
