/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * Settings for receiving revocation events from the issuer.
 *
 * @param pollUri the address to poll, {@code ROWLOCK_EVENTS_POLL_URI}; null: below the issuer. For
 *     networks in which servers reach the issuer by another name than browsers.
 * @param pollInterval the interval between polls, {@code ROWLOCK_EVENTS_POLL_INTERVAL}, default 30
 *     seconds
 * @param silence the time without an event or response after which the issuer is silent, {@code
 *     ROWLOCK_EVENTS_SILENCE}, default 2 minutes
 * @param failClosed whether requests are refused while the issuer is silent, {@code
 *     ROWLOCK_EVENTS_FAIL_CLOSED}, default false
 * @param clientKeyFile the private keys that authenticate this API to the issuer, {@code
 *     ROWLOCK_CLIENT_KEY_FILE}; the first signs; null: one is generated at the start
 */
public record EventSettings(
    @Nullable URI pollUri,
    Duration pollInterval,
    Duration silence,
    boolean failClosed,
    @Nullable Path clientKeyFile) {

  private static final Duration MIN_POLL_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(10);

  /** Rejects invalid values. */
  public EventSettings {
    if (pollInterval.compareTo(MIN_POLL_INTERVAL) < 0
        || pollInterval.compareTo(MAX_POLL_INTERVAL) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_EVENTS_POLL_INTERVAL", "must lie between 1s and 10m, such as 30s.");
    }
    if (silence.compareTo(pollInterval.multipliedBy(2)) < 0
        || silence.compareTo(Duration.ofHours(24)) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_EVENTS_SILENCE",
          "must be at least twice ROWLOCK_EVENTS_POLL_INTERVAL and at most 24h, such as 2m: else a late"
              + " response would count as silence.");
    }
    if (clientKeyFile != null && !Files.isReadable(clientKeyFile)) {
      throw new InvalidSettingException(
          "ROWLOCK_CLIENT_KEY_FILE", "names a file that cannot be read: " + clientKeyFile + ".");
    }
  }

  static EventSettings from(Variables variables) {
    var httpAllowed = variables.flag("ROWLOCK_HTTP_ALLOWED", false);
    var example = "https://login.example.org/realms/rowlock/rowlock-events/changes";
    var pollUri = variables.text("ROWLOCK_EVENTS_POLL_URI");
    return new EventSettings(
        pollUri == null
            ? null
            : Urls.check("ROWLOCK_EVENTS_POLL_URI", pollUri, example, httpAllowed),
        variables.duration("ROWLOCK_EVENTS_POLL_INTERVAL", Duration.ofSeconds(30)),
        variables.duration("ROWLOCK_EVENTS_SILENCE", Duration.ofMinutes(2)),
        variables.flag("ROWLOCK_EVENTS_FAIL_CLOSED", false),
        path(variables.text("ROWLOCK_CLIENT_KEY_FILE")));
  }

  private static @Nullable Path path(@Nullable String text) {
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      throw new InvalidSettingException("ROWLOCK_CLIENT_KEY_FILE", "is not the name of a file.");
    }
  }
}
