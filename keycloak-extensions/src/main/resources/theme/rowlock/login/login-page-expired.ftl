<#-- Differs from the server's page in its layout: two buttons with labels of their own instead of two "Click here" links. -->
<#import "template.ftl" as layout>
<#import "way-forward.ftl" as forward>
<@layout.registrationLayout; section>
  <#if section = "header">
    ${msg("pageExpiredTitle")}
  <#elseif section = "form">
    <p id="instruction1" class="instruction">${msg("rowlockPageExpired")}</p>
    <@forward.button id="loginContinueLink" href=url.loginAction label=msg("pageExpiredMsg2")/>
    <a id="loginRestartLink" class="${properties.kcButtonSecondaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcMarginTopClass!}"
      href="${url.loginRestartFlowUrl}">${msg("pageExpiredMsg1")}</a>
  </#if>
</@layout.registrationLayout>
