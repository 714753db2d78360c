/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import org.keycloak.common.ClientConnection;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.BruteForceProtector;

/**
 * The server's own brute force protection, except for a password that is tried in a browser from
 * which the account's owner has signed in. Such a browser has a budget of its own: guesses of
 * strangers do not lock the owner out of it, and wrong passwords in it do not lock the account
 * elsewhere. The lock does not apply to the response of another identity provider either.
 */
final class BrowserTrustingProtector implements BruteForceProtector {
  private final KeycloakSession session;
  private final BruteForceProtector stock;

  BrowserTrustingProtector(KeycloakSession session, BruteForceProtector stock) {
    this.session = session;
    this.stock = stock;
  }

  /**
   * Applies only to the request with the password: second factors stay under the account's lock.
   */
  private boolean isAttemptInKnownBrowser() {
    return session.getAttribute(PasswordAttempt.ATTRIBUTE) instanceof PasswordAttempt attempt
        && attempt.isFromKnownBrowser();
  }

  /**
   * No password is tried in that request, and the response cannot be guessed. A second factor after
   * it is verified in another request, under the account's lock.
   */
  private boolean isProviderResponse() {
    if (session.getContext().getHttpRequest() == null) {
      return false;
    }
    var path = RealmPath.of(session.getContext().getUri());
    return path != null && path.isProviderAnswer();
  }

  @Override
  public boolean isTemporarilyDisabled(KeycloakSession asked, RealmModel realm, UserModel user) {
    return !isAttemptInKnownBrowser()
        && !isProviderResponse()
        && stock.isTemporarilyDisabled(asked, realm, user);
  }

  @Override
  public void failedLogin(
      RealmModel realm,
      UserModel user,
      ClientConnection connection,
      UriInfo uri,
      Set<String> categories) {
    if (!isAttemptInKnownBrowser()) {
      stock.failedLogin(realm, user, connection, uri, categories);
    }
  }

  @Override
  public void successfulLogin(
      RealmModel realm,
      UserModel user,
      ClientConnection connection,
      UriInfo uri,
      Set<String> categories) {
    stock.successfulLogin(realm, user, connection, uri, categories);
  }

  @Override
  public boolean isPermanentlyLockedOut(KeycloakSession asked, RealmModel realm, UserModel user) {
    return stock.isPermanentlyLockedOut(asked, realm, user);
  }

  @Override
  public void cleanUpPermanentLockout(KeycloakSession asked, RealmModel realm, UserModel user) {
    stock.cleanUpPermanentLockout(asked, realm, user);
  }

  @Override
  public void close() {}
}
