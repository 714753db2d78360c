/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.util.Arrays;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProviderFactory;
import rowlock.keycloak.rotation.RefreshRotationConfig.Mode;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;
import rowlock.keycloak.support.ExtensionFactory;

/** The executor {@code refresh-rotation}, as the admin console shows it. */
public final class RefreshRotationExecutorFactory
    implements ClientPolicyExecutorProviderFactory, ExtensionFactory<ClientPolicyExecutorProvider> {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "refresh-rotation";

  @Override
  @SuppressWarnings("rawtypes") // return type as the server declares it
  public ClientPolicyExecutorProvider create(KeycloakSession session) {
    return new RefreshRotationExecutor(session);
  }

  @Override
  public String getHelpText() {
    return "Each refresh token works once. Within the grace window, a used token gets the same successor again, so that concurrent"
        + " tabs and lost answers are tolerated; later, it counts as stolen. Requires the realm's \"Revoke Refresh Token\" with reuse 0.";
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(RefreshRotationConfig.GRACE)
        .label("Grace seconds")
        .helpText(
            "Time for which a used refresh token is accepted again, 0 to "
                + RefreshRotationConfig.MAX_GRACE
                + "; 0 disables the window.")
        .type(ProviderConfigProperty.STRING_TYPE)
        .defaultValue(String.valueOf(RefreshRotationConfig.DEFAULT_GRACE))
        .add()
        .property()
        .name(RefreshRotationConfig.MODE)
        .label("Acceptance of used tokens")
        .helpText(
            "\"window\": within the grace seconds. \"until-successor-used\": also later, while the successor is unused;"
                + " for clients that lose answers for longer. A thief then also has more time.")
        .type(ProviderConfigProperty.LIST_TYPE)
        .options(Arrays.stream(Mode.values()).map(Mode::toString).toList())
        .defaultValue(Mode.WINDOW.toString())
        .add()
        .property()
        .name(RefreshRotationConfig.ON_REUSE)
        .label("Reuse ends")
        .helpText(
            "Session that a late reuse ends: the client's session, the user's session with all its clients, or all"
                + " sessions of the user.")
        .type(ProviderConfigProperty.LIST_TYPE)
        .options(Arrays.stream(OnReuse.values()).map(OnReuse::toString).toList())
        .defaultValue(OnReuse.USER_SESSION.toString())
        .add()
        .build();
  }

  @Override
  public String getId() {
    return ID;
  }
}
