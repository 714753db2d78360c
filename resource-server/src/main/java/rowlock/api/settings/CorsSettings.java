/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * The origins whose scripts may call this API in a browser (the CORS protocol of the Fetch
 * standard).
 *
 * @param origins exact origins (RFC 6454 §6.2), {@code ROWLOCK_CORS_ORIGINS}; empty, the default:
 *     none
 */
public record CorsSettings(Set<String> origins) {

  private static final String VARIABLE = "ROWLOCK_CORS_ORIGINS";
  private static final String EXAMPLE = "https://app.example.org";

  /** Rejects values that are not origins, and unsafe ones. */
  public CorsSettings {
    origins = Set.copyOf(origins);
    origins.forEach(CorsSettings::check);
  }

  static CorsSettings from(Variables variables) {
    return new CorsSettings(Set.copyOf(variables.names(VARIABLE, List.of())));
  }

  private static void check(String origin) {
    if (origin.contains("*") || origin.equals("null")) {
      throw new InvalidSettingException(
          VARIABLE, "would admit every origin. List each origin, such as " + EXAMPLE + ".");
    }
    var url = Urls.check(VARIABLE, origin, EXAMPLE, false);
    var port = url.getPort();
    var written = url.getScheme() + "://" + url.getHost() + (port < 0 ? "" : ":" + port);
    // browsers send it in this form only, so any other would never match
    var standardPort = port == (url.getScheme().equals("https") ? 443 : 80);
    if (standardPort
        || !origin.equals(written)
        || !origin.equals(origin.toLowerCase(Locale.ROOT))) {
      throw new InvalidSettingException(
          VARIABLE,
          "must be origins as browsers write them: scheme, host and a port that is not the usual"
              + " one, in small letters and with no slash at the end, such as "
              + EXAMPLE
              + ".");
    }
  }
}
