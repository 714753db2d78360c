<#-- Validates fields on blur, before the form is submitted. The stock macro requires a password field. -->
<#macro templates>
    <template id="rowlock-problem">
        <div class="${properties.kcFormHelperTextClass}" aria-live="polite">
            <div class="${properties.kcInputHelperTextClass}">
                <div class="${properties.kcInputHelperTextItemClass} ${properties.kcError}">
                    <span class="${properties.kcInputErrorMessageClass}"></span>
                </div>
            </div>
        </div>
    </template>
</#macro>

<#macro script field="">
    <script type="module">
        <#outputformat "JavaScript">
        import { watchAddress, watchPassword } from "${url.resourcesPath}/js/checks.js";
        watchAddress("email", ${msg("invalidEmailMessage")?c});
        watchPassword("${field}", [
            { name: "length", bound: ${passwordPolicies.length!-1}, text: ${msg("invalidPasswordMinLengthMessage")?c} },
            { name: "maxLength", bound: ${passwordPolicies.maxLength!-1}, text: ${msg("invalidPasswordMaxLengthMessage")?c} },
        ]);
        </#outputformat>
    </script>
</#macro>
