/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyProvider;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.registration.password.LeakedPasswords.Verdict;
import rowlock.keycloak.support.AccountMail;
import rowlock.keycloak.support.ListenerFailures;
import rowlock.keycloak.support.PasswordText;

/**
 * Checks a password that was correct, wherever it was entered: it may have been set before the
 * policy {@code leaked-password}, or leaked since. Sends nothing to another service.
 */
public final class PasswordLogin {
  /** Realm attribute with a {@link Reaction}; a realm without it has no check. */
  static final String REALM_SETTING = "rowlock.leaked-password-login";

  private static final Logger log = Logger.getLogger(PasswordLogin.class);
  private static final String LISTENER = "leaked-password-login";
  private static final String SUBJECT = "rowlockLeakedLoginSubject";

  /** The owner has to act once, and an attacker with the password must not fill the mailbox. */
  private static final Budget MAILS = new Budget("leaked-password-mail", 1, Duration.ofDays(7));

  /** The reaction of a realm to a correct password that is leaked. */
  enum Reaction {
    /** Passwords are not checked. */
    OFF,
    /** The owner gets a mail. */
    NOTIFY,
    /** The owner gets a mail, and the login goes on after a change of the password only. */
    REQUIRE_CHANGE;

    /** Returns the reaction of a realm. An invalid value is the strictest one. */
    static Reaction of(RealmModel realm) {
      var value = realm.getAttribute(REALM_SETTING);
      if (value == null || value.isBlank()) {
        return OFF;
      }
      for (var reaction : values()) {
        if (reaction.value().equals(value.strip())) {
          return reaction;
        }
      }
      log.errorf(
          "Invalid setting in realm=%s, %s must be off, notify or require-change; using require-change",
          realm.getName(), REALM_SETTING);
      return REQUIRE_CHANGE;
    }

    String value() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private PasswordLogin() {}

  /**
   * Reacts to a leaked password as the realm is set. Has no effect in a realm without the policy
   * {@code leaked-password}, in which a change would not help.
   *
   * <p>A failure is logged and counted, and the login continues.
   *
   * @param password a correct password of the user
   */
  public static void verified(
      KeycloakSession session, RealmModel realm, UserModel user, String password) {
    ListenerFailures.contain(LISTENER, "verified", () -> check(session, realm, user, password));
  }

  private static void check(
      KeycloakSession session, RealmModel realm, UserModel user, String password) {
    var reaction = Reaction.of(realm);
    if (reaction == Reaction.OFF
        || !realm.getPasswordPolicy().getPolicies().contains(LeakedPasswordPolicyProviderFactory.ID)
        || !(session.getProvider(
                PasswordPolicyProvider.class, LeakedPasswordPolicyProviderFactory.ID)
            instanceof LeakedPasswordPolicyProvider policy)) {
      return;
    }
    var verdict = policy.judgeOffline(realm, user, PasswordText.canonical(password));
    Metrics.counter(
            "rowlock.password.login",
            "realm",
            realm.getName(),
            "outcome",
            verdict.name().toLowerCase(Locale.ROOT))
        .increment();
    if (verdict != Verdict.PASSED) {
      react(session, realm, user, reaction);
    }
  }

  private static void react(
      KeycloakSession session, RealmModel realm, UserModel user, Reaction reaction) {
    log.infof(
        "Leaked password in use: user=%s realm=%s reaction=%s",
        user.getId(), realm.getName(), reaction.value());
    if (reaction == Reaction.REQUIRE_CHANGE) {
      requireChange(session, realm, user);
    }
    if (AccountMail.canBeSent(realm, user) && MAILS.take(session, realm, user.getId()).allowed()) {
      AccountMail.enlist(session, LISTENER, realm.getId(), user.getId(), PasswordLogin::send);
    }
  }

  /**
   * Adds the action to this login. It is not stored with the account: the next login checks the
   * password again, and concurrent logins do not write the same row. Outside a login it is stored.
   */
  private static void requireChange(KeycloakSession session, RealmModel realm, UserModel user) {
    var login = session.getContext().getAuthenticationSession();
    if (login != null && login.getRealm().equals(realm)) {
      login.addRequiredAction(UserModel.RequiredAction.UPDATE_PASSWORD);
    } else {
      var account = session.users().getUserById(realm, user.getId());
      if (account != null) {
        account.addRequiredAction(UserModel.RequiredAction.UPDATE_PASSWORD);
      }
    }
  }

  private static void send(KeycloakSession own, RealmModel realm, UserModel user) {
    Map<String, Object> content = new HashMap<>();
    // the owner's language, not that of the request
    content.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, "true");
    content.put("required", Reaction.of(realm) == Reaction.REQUIRE_CHANGE);
    try {
      own.getProvider(EmailTemplateProvider.class)
          .setRealm(realm)
          .setUser(user)
          .send(SUBJECT, List.of(AccountMail.nameOf(realm)), "leaked-password.ftl", content);
      count(realm, "sent");
    } catch (EmailException e) {
      count(realm, "failed");
      log.warnf(
          "Leaked password mail to user=%s in realm=%s failed; not retried, check the realm's mail settings",
          user.getId(), realm.getName());
    }
  }

  private static void count(RealmModel realm, String outcome) {
    Metrics.counter("rowlock.password.mail", "outcome", outcome, "realm", realm.getName())
        .increment();
  }
}
