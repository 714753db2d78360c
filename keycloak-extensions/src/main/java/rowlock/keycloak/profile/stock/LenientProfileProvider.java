/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.profile.stock;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.userprofile.Attributes;
import org.keycloak.userprofile.DeclarativeUserProfileProvider;
import org.keycloak.userprofile.DefaultAttributes;
import org.keycloak.userprofile.ServiceAccountAttributes;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileMetadata;
import org.keycloak.validate.ValidationError;
import rowlock.keycloak.profile.StoredValues;

/**
 * The server's own user profile without validation of values that the account has already. All
 * validators, ours and the server's, pass through this class, whichever API or page saves the
 * profile.
 */
final class LenientProfileProvider extends DeclarativeUserProfileProvider {
  private final KeycloakSession session;

  LenientProfileProvider(KeycloakSession session, LenientProfileProviderFactory factory) {
    super(session, factory);
    this.session = session;
  }

  @Override
  protected Attributes createAttributes(
      UserProfileContext context,
      Map<String, ?> attributes,
      @Nullable UserModel user,
      UserProfileMetadata metadata) {
    return user != null && user.getServiceAccountClientLink() != null
        ? new LenientServiceAccount(context, attributes, user, metadata, session)
        : new LenientAttributes(context, attributes, user, metadata, session);
  }

  private static final class LenientAttributes extends DefaultAttributes {
    LenientAttributes(
        UserProfileContext context,
        Map<String, ?> attributes,
        @Nullable UserModel user,
        UserProfileMetadata metadata,
        KeycloakSession session) {
      super(context, attributes, user, metadata, session);
    }

    @Override
    protected List<String> normalizeAttributeValues(String name, @Nullable Object value) {
      return StoredValues.canonical(
          user,
          name,
          super.normalizeAttributeValues(name, value),
          UserModel.USERNAME.equals(name) && user != null && user.isFederated());
    }

    @Override
    @SafeVarargs
    public final boolean validate(String name, Consumer<ValidationError>... listeners) {
      return StoredValues.isUnchanged(context, user, name, get(name))
          || super.validate(name, listeners);
    }
  }

  private static final class LenientServiceAccount extends ServiceAccountAttributes {
    LenientServiceAccount(
        UserProfileContext context,
        Map<String, ?> attributes,
        UserModel user,
        UserProfileMetadata metadata,
        KeycloakSession session) {
      super(context, attributes, user, metadata, session);
    }

    @Override
    @SafeVarargs
    public final boolean validate(String name, Consumer<ValidationError>... listeners) {
      return StoredValues.isUnchanged(context, user, name, get(name))
          || super.validate(name, listeners);
    }
  }
}
