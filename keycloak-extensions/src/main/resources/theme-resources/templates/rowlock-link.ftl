<#import "template.ftl" as layout>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    ${msg("rowlockLinkTitle")}
  <#elseif section = "form">
    <p class="instruction">${rowlockWhat}</p>
    <form id="rowlock-link" class="${properties.kcFormClass!}" action="${rowlockLink}" method="post">
      <div class="${properties.kcFormGroupClass!}">
        <div id="kc-form-buttons" class="${properties.kcFormButtonsClass!}">
          <input class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}"
            type="submit" value="${msg("rowlockLinkButton")}"/>
        </div>
      </div>
    </form>
    <p class="instruction">${msg("rowlockLinkElse")}</p>
  </#if>
</@layout.registrationLayout>
