<#ftl output_format="plainText">
${msg("rowlockLeakedLoginWhat", realmName)}

${msg("rowlockLeakedLoginWhy")}

<#if required>${msg("rowlockLeakedLoginRequired")}<#else>${msg("rowlockLeakedLoginAdvice")}</#if>

${msg("rowlockLeakedLoginElsewhere")}
