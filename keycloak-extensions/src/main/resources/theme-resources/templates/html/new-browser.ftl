<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("rowlockNewBrowserWhat", realmName)}</p>
<ul>
<li>${msg("rowlockNewBrowserWhen", when)}</li>
<li><#if browser?has_content && system?has_content>${msg("rowlockNewBrowserDevice", browser, system)}<#elseif browser?has_content || system?has_content>${msg("rowlockNewBrowserHalf", browser + system)}<#else>${msg("rowlockNewBrowserUnknown")}</#if></li>
<li>${msg("rowlockNewBrowserAddress", address)}</li>
</ul>
<p>${msg("rowlockNewBrowserYou")}</p>
<p>${msg("rowlockNewBrowserNotYou", linkHours)}</p>
<p><a class="button" href="${link}">${msg("rowlockNewBrowserLink")}</a></p>
<p class="quiet">${msg("rowlockNewBrowserOff")}</p>
</@layout.emailLayout>
