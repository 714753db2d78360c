/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.budget.NetworkBudget;

/**
 * The limits of a realm: uses in an hour and at once. The settings are those of the password form
 * in the realm's browser flow; a realm without that form has no limits.
 *
 * @param address failures of one peer address, over all accounts; ten times as many for an IPv6
 *     site
 * @param secret failures of one peer address with the secret of one client
 * @param device failures of one peer address with device codes
 * @param account attempts for one account name, over all addresses; correct ones are returned
 * @param proof proofs of ownership other than the password that reset an account's limits: each
 *     gives an attacker as many further tries
 * @param browser attempts in one browser from which the owner has signed in before
 * @param resetAddress requests for a password reset from one peer address
 * @param resetAccount requests for a password reset of one account name: each sends a mail to its
 *     owner
 */
record GuessLimits(
    NetworkBudget address,
    NetworkBudget secret,
    NetworkBudget device,
    Budget account,
    Budget proof,
    Budget browser,
    NetworkBudget resetAddress,
    Budget resetAccount) {
  private static final Logger log = Logger.getLogger(GuessLimits.class);
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final int MAX_LIMIT = 100_000;

  /** Maximum number of resets an hour by a login without the password. */
  private static final int PROOFS = 3;

  /** A setting and its default value. */
  enum Setting {
    ADDRESS("address-failures", 100),
    ACCOUNT("account-tries", 20),
    BROWSER("known-browser-tries", 20),
    RESET_ADDRESS("reset-requests-address", 30),
    RESET_ACCOUNT("reset-requests-account", 5);

    private final String key;
    private final int defaultValue;

    Setting(String key, int defaultValue) {
      this.key = key;
      this.defaultValue = defaultValue;
    }

    String key() {
      return key;
    }

    int defaultValue() {
      return defaultValue;
    }
  }

  /**
   * Returns the limits of a realm, or null if its browser flow has no {@code
   * rowlock-password-form}.
   */
  static @Nullable GuessLimits of(RealmModel realm) {
    var flow = realm.getBrowserFlow();
    var execution = flow == null ? null : execution(realm, flow.getId());
    if (execution == null) {
      return null;
    }
    var id = execution.getAuthenticatorConfig();
    return of(realm, id == null ? null : realm.getAuthenticatorConfigById(id));
  }

  /** Returns the enabled form in a flow or in one of its subflows, or null if there is none. */
  private static @Nullable AuthenticationExecutionModel execution(RealmModel realm, String flowId) {
    return realm
        .getAuthenticationExecutionsStream(flowId)
        .filter(execution -> !execution.isDisabled())
        .flatMap(
            execution -> {
              if (execution.isAuthenticatorFlow()) {
                return Stream.ofNullable(execution(realm, execution.getFlowId()));
              }
              return GuardedPasswordFormFactory.ID.equals(execution.getAuthenticator())
                  ? Stream.of(execution)
                  : Stream.empty();
            })
        .findFirst()
        .orElse(null);
  }

  private static GuessLimits of(RealmModel realm, @Nullable AuthenticatorConfigModel config) {
    Map<String, String> settings =
        config == null || config.getConfig() == null ? Map.of() : config.getConfig();
    var failures = limit(realm, Setting.ADDRESS, settings);
    return new GuessLimits(
        NetworkBudget.of("guess-address", failures, WINDOW),
        NetworkBudget.of("guess-secret", failures, WINDOW),
        NetworkBudget.of("guess-device", failures, WINDOW),
        budget(realm, "guess-account", Setting.ACCOUNT, settings),
        new Budget("guess-proof", PROOFS, WINDOW),
        budget(realm, "guess-browser", Setting.BROWSER, settings),
        NetworkBudget.of("reset-address", limit(realm, Setting.RESET_ADDRESS, settings), WINDOW),
        budget(realm, "reset-account", Setting.RESET_ACCOUNT, settings));
  }

  private static Budget budget(
      RealmModel realm, String name, Setting setting, Map<String, String> settings) {
    return new Budget(name, limit(realm, setting, settings), WINDOW);
  }

  /**
   * Returns the value of a setting. An invalid value falls back to the default, never to "no
   * limit".
   */
  private static int limit(RealmModel realm, Setting setting, Map<String, String> settings) {
    var value = settings.get(setting.key());
    if (value == null || value.isBlank()) {
      return setting.defaultValue();
    }
    if (value.matches("[0-9]{1,6}")
        && Integer.parseInt(value) >= 1
        && Integer.parseInt(value) <= MAX_LIMIT) {
      return Integer.parseInt(value);
    }
    log.errorf(
        "Invalid setting in realm=%s, %s: %s must be a whole number from 1 to %d; using the default value %d",
        realm.getName(),
        GuardedPasswordFormFactory.ID,
        setting.key(),
        MAX_LIMIT,
        setting.defaultValue());
    return setting.defaultValue();
  }
}
