<#import "template.ftl" as layout>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    ${msg("rowlockCheckMailTitle")}
  <#elseif section = "form">
    <p id="rowlock-check-your-mail">${msg("rowlockCheckMailWhat", rowlockAddress)}</p>
    <p>${msg("rowlockCheckMailNothing")}</p>
    <p><a href="${url.loginRestartFlowUrl}">${msg("backToLogin")}</a></p>
  </#if>
</@layout.registrationLayout>
