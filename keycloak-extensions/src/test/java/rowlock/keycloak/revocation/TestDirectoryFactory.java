/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.List;
import org.keycloak.component.ComponentModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.storage.UserStorageProvider;
import org.keycloak.storage.UserStorageProviderFactory;
import org.keycloak.storage.user.ImportedUserValidation;

/**
 * A user directory whose users the server has copied, as an LDAP federation with import does. While
 * the component's setting {@code answers} is {@code no-such-user}, it knows none of them.
 */
public final class TestDirectoryFactory
    implements UserStorageProviderFactory<TestDirectoryFactory.Directory> {
  @Override
  public Directory create(KeycloakSession session, ComponentModel component) {
    return new Directory("no-such-user".equals(component.get("answers")));
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name("answers")
        .type(ProviderConfigProperty.STRING_TYPE)
        .add()
        .build();
  }

  @Override
  public String getId() {
    return "test-directory";
  }

  /** The directory of one session. */
  public static final class Directory implements UserStorageProvider, ImportedUserValidation {
    private final boolean forgets;

    Directory(boolean forgets) {
      this.forgets = forgets;
    }

    @Override
    public UserModel validate(RealmModel realm, UserModel user) {
      return forgets ? null : user;
    }

    @Override
    public void close() {}
  }
}
