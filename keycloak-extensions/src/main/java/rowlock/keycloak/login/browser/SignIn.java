/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.device.DeviceRepresentationProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.representations.account.DeviceRepresentation;

/**
 * Description of a login for the mail. Browser and system come from the {@code User-Agent} header,
 * which an attacker controls: only known names are shown, never a link or a sentence.
 *
 * @param when time of the login
 * @param browser such as {@code Firefox}; empty if unknown
 * @param system such as {@code Windows}; empty if unknown
 * @param address peer address according to the server's proxy settings
 */
record SignIn(Instant when, String browser, String system, String address) {
  /** The standard claim (OpenID Connect Core 1.0 §5.1), where a realm has it. */
  private static final String ZONE = "zoneinfo";

  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 -]{0,30}");

  static SignIn of(KeycloakSession session, Instant when) {
    var device = session.getProvider(DeviceRepresentationProvider.class).deviceRepresentation();
    var address = session.getContext().getConnection().getRemoteHost();
    return new SignIn(
        when,
        device == null ? "" : words(withoutVersion(device.getBrowser())),
        device == null ? "" : words(device.getOs()),
        address == null ? "" : address.replaceAll("[^0-9A-Fa-f.:]", ""));
  }

  private static @Nullable String withoutVersion(@Nullable String browser) {
    return browser == null ? null : browser.replaceFirst("/.*", "");
  }

  static String words(@Nullable String text) {
    return text == null
            || text.startsWith(DeviceRepresentation.UNKNOWN)
            || text.equals("Other")
            || !WORDS.matcher(text).matches()
        ? ""
        : text;
  }

  /**
   * Formats the time in the locale, and in the account's time zone if it has one; otherwise in UTC.
   */
  String whenIn(Locale locale, UserModel user) {
    var zone = zoneOf(user.getFirstAttribute(ZONE));
    var time =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.FULL, FormatStyle.SHORT)
            .withLocale(locale)
            .withZone(zone);
    var name = zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getDisplayName(TextStyle.FULL, locale);
    return time.format(when) + " (" + name + ")";
  }

  private static ZoneId zoneOf(@Nullable String id) {
    if (id == null) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }
}
