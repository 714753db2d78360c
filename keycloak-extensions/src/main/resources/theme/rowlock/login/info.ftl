<#-- Differs from the server's page in two points: links of mails continue with a button (POST), and there is always a next step. -->
<#import "template.ftl" as layout>
<#import "way-forward.ftl" as forward>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    <#if messageHeader?has_content>
      ${kcSanitize(msg(messageHeader))?no_esc}
    <#else>
      ${message.summary}
    </#if>
  <#elseif section = "form">
    <div id="kc-info-message">
      <#if messageHeader?has_content>
        <p class="instruction">${message.summary}</p>
      </#if>
      <#if requiredActions??>
        <ul class="rowlock-steps">
          <#list requiredActions as action>
            <li>${kcSanitize(msg("requiredAction." + action))?no_esc}</li>
          </#list>
        </ul>
      </#if>
      <#if (actionUri!"")?contains("/login-actions/action-token?")>
        <form id="rowlock-link" class="${properties.kcFormClass!}" action="${actionUri}" method="post">
          <div class="${properties.kcFormGroupClass!}">
            <input class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}"
              type="submit" value="${msg("rowlockLinkButton")}"/>
          </div>
        </form>
        <p class="instruction">${msg("rowlockLinkElse")}</p>
      <#elseif actionUri?has_content>
        <@forward.button id="rowlock-forward" href=actionUri label=msg("rowlockTryAgain")/>
      <#elseif pageRedirectUri?has_content && !skipLink??>
        <@forward.button id="rowlock-forward" href=pageRedirectUri label=msg("backToApplication")/>
      <#else>
        <@forward.any/>
      </#if>
    </div>
  </#if>
</@layout.registrationLayout>
