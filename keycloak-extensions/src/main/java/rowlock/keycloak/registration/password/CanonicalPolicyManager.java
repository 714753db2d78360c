/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyManagerProvider;
import org.keycloak.policy.PolicyError;
import rowlock.keycloak.support.PasswordText;

/**
 * Applies all password policies to the canonical form of a password, which is the one that is
 * hashed.
 */
final class CanonicalPolicyManager implements PasswordPolicyManagerProvider {
  private final PasswordPolicyManagerProvider stock;

  CanonicalPolicyManager(PasswordPolicyManagerProvider stock) {
    this.stock = stock;
  }

  @Override
  public @Nullable PolicyError validate(RealmModel realm, UserModel user, String password) {
    return stock.validate(realm, user, PasswordText.canonical(password));
  }

  @Override
  public @Nullable PolicyError validate(@Nullable String user, String password) {
    return stock.validate(user, PasswordText.canonical(password));
  }

  @Override
  public void close() {}
}
