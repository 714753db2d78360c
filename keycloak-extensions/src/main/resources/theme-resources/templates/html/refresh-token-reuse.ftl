<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("rowlockReuseMailWhat", when, clientName, realmName)}</p>
<p>${msg("rowlockReuseMailEnded_" + ended, clientName)}</p>
<p>${msg("rowlockReuseMailDo", "")} <a href="${accountUrl}">${accountUrl}</a></p>
<p>${msg("rowlockReuseMailIgnore")}</p>
</@layout.emailLayout>
