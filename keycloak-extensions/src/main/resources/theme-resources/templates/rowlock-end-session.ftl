<#import "template.ftl" as layout>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    ${msg("rowlockEndSessionTitle")}
  <#elseif section = "form">
    <p class="instruction">${msg("rowlockEndSessionWhat")}</p>
    <form id="rowlock-end-session" class="${properties.kcFormClass!}" action="${rowlockAction}" method="post">
      <input type="hidden" name="key" value="${rowlockKey}"/>
      <div class="${properties.kcFormGroupClass!}">
        <div id="kc-form-buttons" class="${properties.kcFormButtonsClass!}">
          <input class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}"
            type="submit" value="${msg("rowlockEndSessionButton")}"/>
        </div>
      </div>
    </form>
    <p class="instruction">${msg("rowlockEndSessionElse")}</p>
  </#if>
</@layout.registrationLayout>
