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
 * The server's own protection of an account, except where a password is tried in a browser that the
 * account's owner has signed in from: that has a budget of its own, so the guesses of strangers do
 * not lock the owner out of it, and wrong passwords there lock nobody out elsewhere. Nor does the
 * lock apply to the answer of another identity provider.
 */
final class BrowserTrustingProtector implements BruteForceProtector {
  private final KeycloakSession session;
  private final BruteForceProtector stock;

  BrowserTrustingProtector(KeycloakSession session, BruteForceProtector stock) {
    this.session = session;
    this.stock = stock;
  }

  /** Only in the request that brings the password: second factors stay under the account's lock. */
  private boolean isTriedInKnownBrowser() {
    return session.getAttribute(Attempt.ATTRIBUTE) instanceof Attempt attempt
        && attempt.isFromKnownBrowser();
  }

  /**
   * No password is tried there, and the answer cannot be guessed. The second factor that follows is
   * asked for in another request, under the account's lock.
   */
  private boolean isAnswerOfProvider() {
    return session.getContext().getHttpRequest() != null
        && RealmPath.of(session.getContext().getUri())
            .filter(RealmPath::isProviderAnswer)
            .isPresent();
  }

  @Override
  public boolean isTemporarilyDisabled(KeycloakSession asked, RealmModel realm, UserModel user) {
    return !isTriedInKnownBrowser()
        && !isAnswerOfProvider()
        && stock.isTemporarilyDisabled(asked, realm, user);
  }

  @Override
  public void failedLogin(
      RealmModel realm,
      UserModel user,
      ClientConnection connection,
      UriInfo uri,
      Set<String> categories) {
    if (!isTriedInKnownBrowser()) {
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
