/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.Urls;
import org.keycloak.urls.UrlType;

/** The issuer identifier of a realm. */
public final class RealmIssuer {
  private RealmIssuer() {}

  /** Returns the issuer identifier as the tokens of the realm carry it. */
  public static String of(KeycloakSession session, RealmModel realm) {
    return Urls.realmIssuer(
        session.getContext().getUri(UrlType.FRONTEND).getBaseUri(), realm.getName());
  }
}
