/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.refresh.RefreshTokenProvider;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.context.LogoutRequestContext;
import org.keycloak.services.clientpolicy.context.TokenRevokeContext;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import rowlock.keycloak.rotation.RefreshRotationConfig.InvalidSetting;

/**
 * Stores for a refresh request the rules of its policy and the arrival time. A revocation and a
 * logout by a refresh token wait for a refresh of the same family that is in progress.
 */
final class RefreshRotationExecutor implements ClientPolicyExecutorProvider<RefreshRotationConfig> {
  private static final Logger log = Logger.getLogger(RefreshRotationExecutor.class);

  private static final Set<ClientPolicyEvent> EVENTS =
      Set.of(
          ClientPolicyEvent.TOKEN_REFRESH,
          ClientPolicyEvent.TOKEN_REVOKE,
          ClientPolicyEvent.LOGOUT_REQUEST);

  private final KeycloakSession session;
  private RefreshRotationConfig config = new RefreshRotationConfig();

  RefreshRotationExecutor(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public void setupConfiguration(@Nullable RefreshRotationConfig given) {
    config = given == null ? new RefreshRotationConfig() : given;
  }

  @Override
  public Class<RefreshRotationConfig> getExecutorConfigurationClass() {
    return RefreshRotationConfig.class;
  }

  @Override
  public void executeOnEvent(ClientPolicyContext context) {
    if (!EVENTS.contains(context.getEvent())) {
      return;
    }
    try {
      new RotationContext(config.rules(), Time.currentTimeMillis()).put(session);
      if (context instanceof TokenRevokeContext revocation) {
        excludeRefreshes(revocation.getParams(), OAuth2Constants.TOKEN);
      } else if (context instanceof LogoutRequestContext logout) {
        excludeRefreshes(logout.getParams(), OAuth2Constants.REFRESH_TOKEN);
      }
    } catch (InvalidSetting e) {
      // an invalid configuration passes the check before saving only through the database; the
      // server's own rotation, which is stricter, applies
      log.errorf(
          "Invalid configuration in realm=%s of executor=%s: %s; refresh tokens rotate without a grace window until it is corrected",
          session.getContext().getRealm().getName(),
          RefreshRotationExecutorFactory.ID,
          e.getMessage());
    }
  }

  private void excludeRefreshes(@Nullable MultivaluedMap<String, String> form, String parameter) {
    var provider =
        session.getProvider(RefreshTokenProvider.class, GraceRefreshTokenProviderFactory.ID);
    if (form != null && provider instanceof GraceRefreshTokenProvider refreshes) {
      refreshes.excludeRefreshesOf(form.getFirst(parameter));
    }
  }

  @Override
  public String getProviderId() {
    return RefreshRotationExecutorFactory.ID;
  }
}
