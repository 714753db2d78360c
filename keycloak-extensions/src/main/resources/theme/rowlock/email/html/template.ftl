<#-- Layout of every mail, including those of extensions. Loads no resources. Text and links remain readable without the style sheet. -->
<#macro emailLayout>
<#local brand = (realmName!"")?has_content?then(realmName!"", msg("rowlockMailBrand"))>
<!DOCTYPE html>
<html lang="${locale.language}" dir="${(ltr)?then('ltr','rtl')}">
<head>
  <meta charset="utf-8">
  <title>${brand}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <style>
    :root { color-scheme: light dark; }
    .mail p { margin: 0 0 16px; overflow-wrap: anywhere; }
    .mail ul { margin: 0 0 16px; padding: 10px 16px; border-left: 4px solid #0b5f73; border-radius: 0 8px 8px 0; background: #eef4f6; list-style: none; overflow-wrap: anywhere; }
    .mail a { color: #0b5f73; }
    .mail a.button { display: inline-block; padding: 12px 22px; border-radius: 8px; background: #0b5f73; color: #ffffff; font-weight: 600; text-decoration: none; }
    .mail .quiet { color: #4a626c; font-size: 14px; }
    @media (prefers-color-scheme: dark) {
      .page { background: #0a151a !important; }
      .card { background: #13232b !important; border-color: #2d434d !important; }
      .mail, .brand { color: #e7eff2 !important; }
      .mark { border-color: transparent #6fcadb #6fcadb !important; }
      .mail ul { border-color: #6fcadb; background: #1b303a; }
      .mail a { color: #6fcadb; }
      .mail a.button { background: #6fcadb; color: #06242c; }
      .mail .quiet, .foot { color: #a8bcc4 !important; }
    }
  </style>
</head>
<body class="page" style="margin:0;padding:0;background:#e9f0f2">
  <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#e9f0f2">
    <tr>
      <td align="center" style="padding:24px 12px">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
          <tr>
            <td class="brand" style="padding:0 4px 14px;font:700 20px/1.3 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;color:#12262e"><span class="mark" style="display:inline-block;width:10px;height:10px;margin-right:8px;border:4px solid #0b5f73;border-top-color:transparent;border-radius:0 0 12px 12px;vertical-align:1px"></span>${brand}</td>
          </tr>
          <tr>
            <td class="card mail" style="padding:28px 28px 12px;background:#ffffff;border:1px solid #c4d3d8;border-radius:14px;font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;color:#12262e">
              <#nested>
            </td>
          </tr>
          <tr>
            <td class="foot" style="padding:14px 4px 0;font:13px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;color:#4a626c">${msg("rowlockMailFoot")}</td>
          </tr>
        </table>
      </td>
    </tr>
  </table>
</body>
</html>
</#macro>
