/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.net.URI;
import java.time.Duration;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * Where calls go.
 *
 * @param api the address of the API, without a slash at the end, {@code ROWLOCK_API_URL}; required
 * @param bodyLimit bytes of a request body, {@code ROWLOCK_WEB_BODY_LIMIT}, default 1 MiB
 * @param timeout how long the API may take to begin its answer, and be silent within it, {@code
 *     ROWLOCK_WEB_API_TIMEOUT}, default 30 s
 * @param connections at most, to the API, {@code ROWLOCK_WEB_API_CONNECTIONS}, default 200
 */
public record RelaySettings(URI api, int bodyLimit, Duration timeout, int connections) {

  private static final int MAX_BODY = 1 << 30;

  /** Refuses what contradicts itself. */
  public RelaySettings {
    if (!api.getRawPath().isEmpty()) {
      throw new InvalidSettingException(
          "ROWLOCK_API_URL", "has a path. Write it like https://api.example.org.");
    }
    if (bodyLimit < 0 || bodyLimit > MAX_BODY) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_BODY_LIMIT", "must be a number of bytes between 0 and " + MAX_BODY + ".");
    }
    if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_API_TIMEOUT", "must lie between 100ms and 10m, such as 30s.");
    }
    if (connections < 1 || connections > 10_000) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_API_CONNECTIONS", "must be a number between 1 and 10000.");
    }
  }

  static RelaySettings from(Variables variables) {
    URI api =
        Urls.check(
            "ROWLOCK_API_URL",
            variables.required(
                "ROWLOCK_API_URL",
                "Set it to where this server reaches task-api, such as https://api.example.org."),
            "https://api.example.org",
            variables.flag("ROWLOCK_HTTP_ALLOWED", false));
    return new RelaySettings(
        URI.create(api.toString().replaceFirst("/$", "")),
        variables.number("ROWLOCK_WEB_BODY_LIMIT", 1 << 20),
        variables.duration("ROWLOCK_WEB_API_TIMEOUT", Duration.ofSeconds(30)),
        variables.number("ROWLOCK_WEB_API_CONNECTIONS", 200));
  }
}
