<#ftl output_format="plainText">
${msg("rowlockReuseMailWhat", when, clientName, realmName)}

${msg("rowlockReuseMailEnded_" + ended, clientName)}

${msg("rowlockReuseMailDo", accountUrl)}

${msg("rowlockReuseMailIgnore")}
