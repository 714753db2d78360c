<#ftl output_format="plainText">
${msg("rowlockNewBrowserWhat", realmName)}

- ${msg("rowlockNewBrowserWhen", when)}
- <#if browser?has_content && system?has_content>${msg("rowlockNewBrowserDevice", browser, system)}<#elseif browser?has_content || system?has_content>${msg("rowlockNewBrowserHalf", browser + system)}<#else>${msg("rowlockNewBrowserUnknown")}</#if>
- ${msg("rowlockNewBrowserAddress", address)}

${msg("rowlockNewBrowserYou")}

${msg("rowlockNewBrowserNotYou", linkHours)}
${link}

${msg("rowlockNewBrowserOff")}
