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
 * What the owner is told of a sign-in. Browser and system are what the browser says of itself, and
 * whoever signs in chooses that: words are shown, and nothing that could be a link or a sentence.
 *
 * @param when it was
 * @param browser such as {@code Firefox}; empty when it is not known
 * @param system such as {@code Windows}; empty when it is not known
 * @param address of the client, as the server's proxy settings tell it
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

  /** In the owner's language, and in the owner's zone if the account says which; else in UTC. */
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
