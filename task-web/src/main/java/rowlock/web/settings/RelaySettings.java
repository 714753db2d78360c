/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.net.URI;
import java.time.Duration;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * The API to which requests are relayed, and the limits of the relay.
 *
 * @param api the address of the API, without a slash at the end, {@code ROWLOCK_API_URL}; required
 * @param bodyLimit maximum bytes of a request body, {@code ROWLOCK_WEB_BODY_LIMIT}, default 1 MiB
 * @param timeout limit until the API's response begins, and between its parts, {@code
 *     ROWLOCK_WEB_API_TIMEOUT}, default 30 s
 * @param connections maximum number of connections to the API, {@code ROWLOCK_WEB_API_CONNECTIONS},
 *     default 200
 */
public record RelaySettings(URI api, int bodyLimit, Duration timeout, int connections) {

  private static final int MAX_BODY = 1 << 30;

  /** Rejects invalid values. */
  public RelaySettings {
    if (!api.getRawPath().isEmpty()) {
      throw new InvalidSettingException(
          "ROWLOCK_API_URL", "has a path. Set it to an origin such as https://api.example.org.");
    }
    if (bodyLimit < 0 || bodyLimit > MAX_BODY) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_BODY_LIMIT", "must be a number of bytes between 0 and " + MAX_BODY + ".");
    }
    if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_API_TIMEOUT", "must be between 100ms and 10m, such as 30s.");
    }
    if (connections < 1 || connections > 10_000) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_API_CONNECTIONS", "must be a number between 1 and 10000.");
    }
  }

  static RelaySettings from(Variables variables) {
    var api =
        Urls.check(
            "ROWLOCK_API_URL",
            variables.required(
                "ROWLOCK_API_URL",
                "Set it to the address of task-api, such as https://api.example.org."),
            "https://api.example.org",
            variables.flag("ROWLOCK_HTTP_ALLOWED", false));
    return new RelaySettings(
        URI.create(api.toString().replaceFirst("/$", "")),
        variables.number("ROWLOCK_WEB_BODY_LIMIT", 1 << 20),
        variables.duration("ROWLOCK_WEB_API_TIMEOUT", Duration.ofSeconds(30)),
        variables.number("ROWLOCK_WEB_API_CONNECTIONS", 200));
  }
}
