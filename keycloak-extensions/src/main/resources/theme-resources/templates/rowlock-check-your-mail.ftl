<#import "template.ftl" as layout>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    ${msg("rowlockCheckMailTitle")}
  <#elseif section = "form">
    <p id="rowlock-check-your-mail" class="instruction">${msg("rowlockCheckMailWhat", rowlockAddress)}</p>
    <p class="instruction">${msg("rowlockCheckMailNothing")}</p>
    <p class="instruction"><a href="${url.loginRestartFlowUrl}">${msg("backToLogin")}</a></p>
  </#if>
</@layout.registrationLayout>
