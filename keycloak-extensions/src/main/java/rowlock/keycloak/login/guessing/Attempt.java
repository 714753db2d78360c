/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import io.micrometer.core.instrument.Metrics;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.login.browser.KnownBrowsers;

/**
 * One try of a password. One is taken from the account name's budget before the password is looked
 * at, so that tries at the same time get no more than the limit, and given back when it was right.
 * A browser that the account's owner has signed in from has a budget of its own in place of the
 * address's and the name's, which strangers can use up.
 */
final class Attempt {
  /** The error of the event, and of OAuth 2.0 answers, for what was not even looked at. */
  static final String TOO_MANY = "too_many_tries";

  /** The detail of the event that says which budget. */
  static final String CAUSE = "guess_budget";

  /** The detail of the event that keeps a failure from counting against the address. */
  static final String KNOWN_BROWSER = "known_browser";

  /** Where the listener and the brute force protector find it. */
  static final String ATTRIBUTE = "rowlock.login.attempt";

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Budget taken;
  private final String key;
  private final boolean knownBrowser;
  private boolean givenBack;

  private Attempt(
      KeycloakSession session, RealmModel realm, Budget taken, String key, boolean knownBrowser) {
    this.session = session;
    this.realm = realm;
    this.taken = taken;
    this.key = key;
    this.knownBrowser = knownBrowser;
  }

  /**
   * The attempt, or the reason why it is refused; neither for an empty name.
   *
   * @param attempt to give back when the password was right
   * @param refusal present if nothing may be looked at
   */
  record Entry(Optional<Attempt> attempt, Optional<Refusal> refusal) {}

  /** Which budget is used up, and when there is one again. */
  record Refusal(String cause, long retryAfterSeconds) {
    long minutes() {
      return (retryAfterSeconds + 59) / 60;
    }

    /** Tells the security log and the metrics. */
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
   * Starts a try of a password for a name. An empty name is no account's and counts for its address
   * only.
   */
  static Entry start(
      KeycloakSession session, RealmModel realm, GuessLimits limits, AccountName name) {
    return start(session, realm, limits, name.key(), name.user());
  }

  /** Starts a try of a password of an account that an earlier step has identified. */
  static Entry start(
      KeycloakSession session, RealmModel realm, GuessLimits limits, UserModel user) {
    var name = AccountName.canonical(user.getUsername());
    return start(session, realm, limits, name, Optional.of(user));
  }

  private static Entry start(
      KeycloakSession session,
      RealmModel realm,
      GuessLimits limits,
      String key,
      Optional<UserModel> user) {
    var browser = user.flatMap(found -> KnownBrowsers.idOf(session, realm, found));
    if (browser.isPresent()) {
      return take(session, realm, limits.browser(), browser.get(), "browser");
    }
    var refusal = address(session, realm, limits);
    if (refusal.isPresent() || key.isEmpty()) {
      return new Entry(Optional.empty(), refusal);
    }
    return take(session, realm, limits.account(), key, "account");
  }

  /** Whether the address of the request has failures left. */
  static Optional<Refusal> address(KeycloakSession session, RealmModel realm, GuessLimits limits) {
    var from = address(session);
    return isExempt(session, from)
        ? Optional.empty()
        : refusal("address", limits.address().look(session, realm, from));
  }

  /** Whether the address of the request has failures left with the secret of a client. */
  static Optional<Refusal> secret(
      KeycloakSession session, RealmModel realm, GuessLimits limits, String clientId) {
    var from = address(session);
    return isExempt(session, from)
        ? Optional.empty()
        : refusal("client", limits.secret().look(session, realm, from, clientId));
  }

  /** Whether the address of the request has failures left with the codes of devices. */
  static Optional<Refusal> device(KeycloakSession session, RealmModel realm, GuessLimits limits) {
    var from = address(session);
    return isExempt(session, from)
        ? Optional.empty()
        : refusal("device", limits.device().look(session, realm, from));
  }

  private static Optional<Refusal> refusal(String cause, Budget.Decision decision) {
    return decision.allowed()
        ? Optional.empty()
        : Optional.of(new Refusal(cause, decision.retryAfterSeconds()));
  }

  private static Entry take(
      KeycloakSession session, RealmModel realm, Budget budget, String key, String cause) {
    var decision = budget.take(session, realm, key);
    if (!decision.allowed()) {
      return new Entry(
          Optional.empty(), Optional.of(new Refusal(cause, decision.retryAfterSeconds())));
    }
    var attempt = new Attempt(session, realm, budget, key, cause.equals("browser"));
    session.setAttribute(ATTRIBUTE, attempt);
    return new Entry(Optional.of(attempt), Optional.empty());
  }

  /** The password was right. */
  void succeeded() {
    if (!givenBack) {
      givenBack = true;
      taken.giveBack(session, realm, key);
    }
  }

  boolean isFromKnownBrowser() {
    return knownBrowser;
  }

  /** Of the client, as the server's proxy settings tell it. */
  static @Nullable String address(KeycloakSession session) {
    return session.getContext().getConnection().getRemoteHost();
  }

  /** Whether the operator wants no budget for an address. */
  static boolean isExempt(KeycloakSession session, @Nullable String address) {
    var factory =
        session
            .getKeycloakSessionFactory()
            .getProviderFactory(EventListenerProvider.class, GuessListenerFactory.ID);
    return factory instanceof GuessListenerFactory ours && ours.exempt().contains(address);
  }
}
