/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import io.micrometer.core.instrument.Metrics;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.login.browser.KnownBrowsers;

/**
 * One password attempt. A use is taken from the account name's budget before the password is
 * verified, so that concurrent attempts do not exceed the limit, and returned if the password was
 * correct. A browser from which the account's owner has signed in has a budget of its own instead
 * of those of the address and the name, which strangers can use up.
 */
final class PasswordAttempt {
  /**
   * Error of the event and of OAuth 2.0 answers for an attempt that is rejected without
   * verification.
   */
  static final String TOO_MANY = "too_many_tries";

  /** Event detail with the name of the budget. */
  static final String CAUSE = "guess_budget";

  /** Event detail that exempts a failure from the budget of the address. */
  static final String KNOWN_BROWSER = "known_browser";

  /** Session attribute in which the listener and the brute force protector find the attempt. */
  static final String ATTRIBUTE = "rowlock.login.attempt";

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Budget taken;
  private final String key;
  private final boolean knownBrowser;
  private boolean givenBack;

  private PasswordAttempt(
      KeycloakSession session, RealmModel realm, Budget taken, String key, boolean knownBrowser) {
    this.session = session;
    this.realm = realm;
    this.taken = taken;
    this.key = key;
    this.knownBrowser = knownBrowser;
  }

  /**
   * The admitted attempt or the refusal; neither for an empty name.
   *
   * @param attempt admitted attempt, which returns its use after a correct password; null if none
   *     was admitted
   * @param refusal why the password must not be verified; null if it may be
   */
  record Entry(@Nullable PasswordAttempt attempt, @Nullable Refusal refusal) {}

  /** The exhausted budget, and the time until a use is available. */
  record Refusal(String cause, long retryAfterSeconds) {
    long minutes() {
      return (retryAfterSeconds + 59) / 60;
    }

    /** Reports the refusal to the security log and the metrics. */
    void report(EventBuilder event, RealmModel realm) {
      event.detail(CAUSE, cause).error(TOO_MANY);
      count(realm);
    }

    void count(RealmModel realm) {
      Metrics.counter("rowlock.guess.refused", "cause", cause, "realm", realm.getName())
          .increment();
    }
  }

  /**
   * Starts an attempt for a name. An empty name belongs to no account and counts for its address
   * only.
   */
  static Entry start(
      KeycloakSession session, RealmModel realm, GuessLimits limits, AccountName name) {
    return start(session, realm, limits, name.key(), name.user());
  }

  /** Starts an attempt for an account that an earlier step has identified. */
  static Entry start(
      KeycloakSession session, RealmModel realm, GuessLimits limits, UserModel user) {
    var name = AccountName.canonical(user.getUsername());
    return start(session, realm, limits, name, user);
  }

  private static Entry start(
      KeycloakSession session,
      RealmModel realm,
      GuessLimits limits,
      String key,
      @Nullable UserModel user) {
    var browser = user == null ? null : KnownBrowsers.idOf(session, realm, user);
    if (browser != null) {
      return take(session, realm, limits.browser(), browser, "browser");
    }
    var refusal = checkAddress(session, realm, limits);
    if (refusal != null || key.isEmpty()) {
      return new Entry(null, refusal);
    }
    return take(session, realm, limits.account(), key, "account");
  }

  /** Returns a refusal if the address of the request has no failures left; otherwise null. */
  static @Nullable Refusal checkAddress(
      KeycloakSession session, RealmModel realm, GuessLimits limits) {
    var from = peerAddress(session);
    return isExempt(session, from)
        ? null
        : refusal("address", limits.address().look(session, realm, from));
  }

  /**
   * Returns a refusal if the address of the request has no failures left for the secret of a
   * client; otherwise null.
   */
  static @Nullable Refusal checkSecret(
      KeycloakSession session, RealmModel realm, GuessLimits limits, String clientId) {
    var from = peerAddress(session);
    return isExempt(session, from)
        ? null
        : refusal("client", limits.secret().look(session, realm, from, clientId));
  }

  /**
   * Returns a refusal if the address of the request has no failures left for device codes;
   * otherwise null.
   */
  static @Nullable Refusal checkDevice(
      KeycloakSession session, RealmModel realm, GuessLimits limits) {
    var from = peerAddress(session);
    return isExempt(session, from)
        ? null
        : refusal("device", limits.device().look(session, realm, from));
  }

  private static @Nullable Refusal refusal(String cause, Budget.Decision decision) {
    return decision.allowed() ? null : new Refusal(cause, decision.retryAfterSeconds());
  }

  private static Entry take(
      KeycloakSession session, RealmModel realm, Budget budget, String key, String cause) {
    var decision = budget.take(session, realm, key);
    if (!decision.allowed()) {
      return new Entry(null, new Refusal(cause, decision.retryAfterSeconds()));
    }
    var attempt = new PasswordAttempt(session, realm, budget, key, cause.equals("browser"));
    session.setAttribute(ATTRIBUTE, attempt);
    return new Entry(attempt, null);
  }

  /** Returns the use to the budget after a correct password. */
  void succeeded() {
    if (!givenBack) {
      givenBack = true;
      taken.giveBack(session, realm, key);
    }
  }

  boolean isFromKnownBrowser() {
    return knownBrowser;
  }

  /** Returns the peer address according to the server's proxy settings. */
  static @Nullable String peerAddress(KeycloakSession session) {
    return session.getContext().getConnection().getRemoteHost();
  }

  /** Returns whether the operator has exempted an address from budgets. */
  static boolean isExempt(KeycloakSession session, @Nullable String address) {
    var factory =
        session
            .getKeycloakSessionFactory()
            .getProviderFactory(EventListenerProvider.class, GuessListenerFactory.ID);
    return factory instanceof GuessListenerFactory ours && ours.exempt().contains(address);
  }
}
