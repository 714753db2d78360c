<#ftl output_format="plainText">
${msg("rowlockRegisteredMailWhat", realmName)}

${msg("rowlockRegisteredMailSignIn", signInUrl)}
<#if resetUrl??>

${msg("rowlockRegisteredMailReset", resetUrl)}
</#if>

${msg("rowlockRegisteredMailIgnore")}
