<#-- Differs from the server's page in one point: there is always a next step. -->
<#import "template.ftl" as layout>
<#import "way-forward.ftl" as forward>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    ${kcSanitize(msg("errorTitle"))?no_esc}
  <#elseif section = "form">
    <div id="kc-error-message">
      <p class="instruction">${kcSanitize(message.summary)?no_esc}</p>
      <#if traceId??>
        <p class="instruction" id="traceId">${msg("traceIdSupportMessage", traceId)}</p>
      </#if>
      <@forward.any/>
    </div>
  </#if>
</@layout.registrationLayout>
