/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Delegates to one of the server's own authenticators; subclasses add checks around it. */
abstract class DelegatingAuthenticator implements Authenticator {
  /** The wrapped authenticator. */
  final Authenticator stock;

  DelegatingAuthenticator(Authenticator stock) {
    this.stock = stock;
  }

  @Override
  public final boolean requiresUser() {
    return stock.requiresUser();
  }

  @Override
  public final boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return stock.configuredFor(session, realm, user);
  }

  @Override
  public final void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {
    stock.setRequiredActions(session, realm, user);
  }

  @Override
  public final void close() {
    // the session closes the wrapped provider
  }
}
