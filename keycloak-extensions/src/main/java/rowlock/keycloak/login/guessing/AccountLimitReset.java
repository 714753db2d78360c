/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.login.browser.KnownBrowsers;
import rowlock.keycloak.support.AccountJob;
import rowlock.keycloak.support.AfterCommit;
import rowlock.keycloak.support.ListenerFailures;
import rowlock.keycloak.support.PasswordWatch;

/**
 * Resets the limits of an account when its owner has proved ownership, or by order of an
 * administrator. Resets only the limits of the account's own names and browsers, on all nodes;
 * never those of peer addresses.
 *
 * <p>Runs in transactions of its own; after a proof of the owner, once the transaction of the
 * request is committed.
 */
final class AccountLimitReset {
  private static final Logger log = Logger.getLogger(AccountLimitReset.class);
  private static final String TASK = "release-account";

  private AccountLimitReset() {}

  /**
   * Resets the tries after a password change. Results of guesses at the old password are worthless,
   * so an attacker gains nothing.
   */
  static void passwordReplaced(KeycloakSession session, RealmModel realm, String userId) {
    enlist(session, realm, userId, "new password", Account::resetTries);
  }

  /** Does the same at the commit, if the transaction has written a password of the account. */
  static void passwordMayBeReplaced(KeycloakSession session, RealmModel realm, String userId) {
    enlist(
        session,
        realm,
        userId,
        "new password",
        account -> {
          if (PasswordWatch.sawNewPassword(session, userId)) {
            account.resetTries();
          }
        });
  }

  /**
   * Resets the tries if the proof is one of the first few in an hour. The password is unchanged, so
   * each reset gives an attacker as many further tries.
   */
  static void ownershipProved(KeycloakSession session, RealmModel realm, String userId) {
    enlist(session, realm, userId, "proof", account -> account.resetTriesByProof());
  }

  /** Resets all limits of an account, mails included, by order of an administrator. */
  static void unlocked(KeycloakSession session, RealmModel realm, String userId) {
    run(
        session.getKeycloakSessionFactory(),
        realm.getId(),
        userId,
        account -> {
          account.resetTries();
          account.resetMails();
        });
  }

  /** Resets the limits of all accounts of a realm, by order of an administrator. */
  static void allUnlocked(KeycloakSession session, RealmModel realm) {
    var limits = GuessLimits.of(realm);
    if (limits != null) {
      limits.account().resetAll(session, realm);
      limits.browser().resetAll(session, realm);
      limits.resetAccount().resetAll(session, realm);
      log.infof("Reset the limits of all accounts in realm=%s", realm.getName());
    }
  }

  private static void enlist(
      KeycloakSession session,
      RealmModel realm,
      String userId,
      String cause,
      Consumer<Account> release) {
    var factory = session.getKeycloakSessionFactory();
    var realmId = realm.getId();
    AfterCommit.run(
        session,
        () -> ListenerFailures.contain(TASK, cause, () -> run(factory, realmId, userId, release)));
  }

  private static void run(
      KeycloakSessionFactory factory, String realmId, String userId, Consumer<Account> release) {
    AccountJob.run(
        factory,
        realmId,
        userId,
        (own, realm, user) -> {
          var limits = GuessLimits.of(realm);
          if (limits != null) {
            release.accept(new Account(own, realm, user, limits));
          }
        });
  }

  /** The limits of one account, and the failures that the server itself has counted. */
  private record Account(
      KeycloakSession session, RealmModel realm, UserModel user, GuessLimits limits) {

    void resetTries() {
      resetNames(limits.account());
      KnownBrowsers.idsOf(session, realm, user)
          .forEach(browser -> limits.browser().reset(session, realm, browser));
      session.loginFailures().removeUserLoginFailure(realm, user.getId());
    }

    void resetTriesByProof() {
      if (limits.proof().take(session, realm, user.getId()).allowed()) {
        resetTries();
      }
    }

    void resetMails() {
      resetNames(limits.resetAccount());
    }

    private void resetNames(Budget budget) {
      AccountName.keysOf(user).forEach(name -> budget.reset(session, realm, name));
    }
  }
}
