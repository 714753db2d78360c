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
    return "Each refresh token works once. For some seconds a token that was used gets the same successor again, so that two"
        + " tabs or a lost answer do no harm; later it counts as stolen. The realm's \"Revoke Refresh Token\" must be on, with reuse 0.";
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(RefreshRotationConfig.GRACE)
        .label("Grace seconds")
        .helpText(
            "How long a refresh token may come back after it was used, 0 to "
                + RefreshRotationConfig.LONGEST_GRACE
                + ". 0: never.")
        .type(ProviderConfigProperty.STRING_TYPE)
        .defaultValue(String.valueOf(RefreshRotationConfig.DEFAULT_GRACE))
        .add()
        .property()
        .name(RefreshRotationConfig.MODE)
        .label("May come back")
        .helpText(
            "\"window\": for the grace seconds. \"until-successor-used\": also later, as long as nobody has used the successor;"
                + " for clients that lose answers for longer. A thief then also has longer.")
        .type(ProviderConfigProperty.LIST_TYPE)
        .options(Arrays.stream(Mode.values()).map(Mode::toString).toList())
        .defaultValue(Mode.WINDOW.toString())
        .add()
        .property()
        .name(RefreshRotationConfig.ON_REUSE)
        .label("Reuse ends")
        .helpText(
            "What ends when a token comes back too late: the client's session, the user's session with all its clients, or all"
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
