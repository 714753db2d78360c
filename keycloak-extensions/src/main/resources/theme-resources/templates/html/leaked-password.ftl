<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("rowlockLeakedLoginWhat", realmName)}</p>
<p>${msg("rowlockLeakedLoginWhy")}</p>
<p><#if required>${msg("rowlockLeakedLoginRequired")}<#else>${msg("rowlockLeakedLoginAdvice")}</#if></p>
<p class="quiet">${msg("rowlockLeakedLoginElsewhere")}</p>
</@layout.emailLayout>
