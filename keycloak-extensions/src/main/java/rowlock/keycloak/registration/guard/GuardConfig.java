/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AuthenticatorConfigModel;
import rowlock.keycloak.budget.NetworkBudget;

/**
 * Settings of the guard. The console saves the settings of a flow without validation by the
 * extension, so an invalid value is detected here and falls back to the default, never to "no
 * protection".
 *
 * @param minTime minimum time that a person needs to fill in the form
 * @param limit registrations that one address may try at once, and in each window
 * @param window of the limit
 */
record GuardConfig(Duration minTime, int limit, Duration window) {
  static final String MIN_SECONDS = "shortest-seconds";
  static final String LIMIT = "tries-per-address";
  static final String WINDOW = "window-minutes";

  static final int DEFAULT_MIN_SECONDS = 2;
  static final int DEFAULT_LIMIT = 20;
  static final int DEFAULT_WINDOW = 60;

  static final int MIN_SECONDS_LIMIT = 60;
  static final int MAX_LIMIT = 100_000;
  static final int MAX_WINDOW_MINUTES = 24 * 60;

  private static final Logger log = Logger.getLogger(GuardConfig.class);

  static GuardConfig of(@Nullable AuthenticatorConfigModel model) {
    Map<String, String> values =
        model == null || model.getConfig() == null ? Map.of() : model.getConfig();
    return new GuardConfig(
        Duration.ofSeconds(number(values, MIN_SECONDS, 0, MIN_SECONDS_LIMIT, DEFAULT_MIN_SECONDS)),
        number(values, LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT),
        Duration.ofMinutes(number(values, WINDOW, 1, MAX_WINDOW_MINUTES, DEFAULT_WINDOW)));
  }

  NetworkBudget budget() {
    return NetworkBudget.of("registration", limit, window);
  }

  /**
   * Returns the time until one try is available. Equal for every refusal, so that it does not
   * reveal the reason.
   */
  long retryAfterSeconds() {
    return Math.max(1, window.dividedBy(limit).toSeconds());
  }

  private static int number(
      Map<String, String> values, String name, int min, int max, int defaultValue) {
    var value = values.get(name);
    if (value == null || value.isBlank()) {
      return defaultValue;
    }
    if (value.matches("[0-9]{1,6}")
        && Integer.parseInt(value) >= min
        && Integer.parseInt(value) <= max) {
      return Integer.parseInt(value);
    }
    log.errorf(
        "Invalid registration guard setting %s: must be a whole number from %d to %d; using the default value %d",
        name, min, max, defaultValue);
    return defaultValue;
  }
}
