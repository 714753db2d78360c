<#-- Next step of a final page: the application, or the account console, which asks to sign in. -->
<#macro button id href label>
  <div class="${properties.kcFormGroupClass!} rowlock-forward">
    <a id="${id}" class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}"
      href="${href}">${label}</a>
  </div>
</#macro>

<#macro any>
  <#if !skipLink?? && (client.baseUrl)?has_content>
    <@button id="backToApplication" href=client.baseUrl label=msg("backToApplication")/>
  <#else>
    <@button id="rowlock-forward" href=(url.loginUrl?keep_before("/login-actions/") + "/account/") label=msg("rowlockToAccount")/>
  </#if>
</#macro>
