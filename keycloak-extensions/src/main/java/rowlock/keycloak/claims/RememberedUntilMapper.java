/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.claims;

import java.util.ArrayList;
import java.util.List;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAttributeMapperHelper;
import org.keycloak.protocol.oidc.mappers.OIDCIDTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.IDToken;

/**
 * Adds the claim {@code rowlock_remembered_until} to ID tokens of a session whose user chose
 * <i>Remember me</i>: the time in seconds at which it ends at the latest. Other sessions have no
 * such claim. A client uses it to decide whether its own cookie survives a restart of the browser.
 */
public final class RememberedUntilMapper extends AbstractOIDCProtocolMapper
    implements OIDCIDTokenMapper {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-remembered-until";

  private static final String CLAIM = "rowlock_remembered_until";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getDisplayCategory() {
    return TOKEN_MAPPER_CATEGORY;
  }

  @Override
  public String getDisplayType() {
    return "Remembered until";
  }

  @Override
  public String getHelpText() {
    return "Adds the claim " + CLAIM + " to ID tokens of sessions with Remember me.";
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    var properties = new ArrayList<ProviderConfigProperty>();
    OIDCAttributeMapperHelper.addIncludeInTokensConfig(properties, RememberedUntilMapper.class);
    return List.copyOf(properties);
  }

  @Override
  protected void setClaim(
      IDToken token,
      ProtocolMapperModel mapper,
      UserSessionModel userSession,
      KeycloakSession session,
      ClientSessionContext context) {
    var realm = userSession.getRealm();
    if (realm.isRememberMe() && userSession.isRememberMe()) {
      token.setOtherClaims(CLAIM, (long) userSession.getStarted() + longestLife(realm));
    }
  }

  /**
   * Returns the maximum lifespan as the server computes it: a remembered session without a lifespan
   * of its own has that of other sessions.
   */
  private static int longestLife(RealmModel realm) {
    var remembered = realm.getSsoSessionMaxLifespanRememberMe();
    return remembered > 0 ? remembered : realm.getSsoSessionMaxLifespan();
  }
}
