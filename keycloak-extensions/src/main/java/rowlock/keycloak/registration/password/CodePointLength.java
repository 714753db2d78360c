/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyProvider;
import org.keycloak.policy.PolicyError;

/**
 * One of the server's policies for the length of passwords, counting code points (NIST SP 800-63B-4
 * §3.1.1.2) instead of UTF-16 code units.
 */
final class CodePointLength implements PasswordPolicyProvider {
  private final PasswordPolicyProvider stock;

  CodePointLength(PasswordPolicyProvider stock) {
    this.stock = stock;
  }

  @Override
  public @Nullable PolicyError validate(RealmModel realm, UserModel user, String password) {
    return stock.validate(realm, user, asCodeUnits(password));
  }

  @Override
  public @Nullable PolicyError validate(@Nullable String user, String password) {
    return stock.validate(user, asCodeUnits(password));
  }

  @Override
  public Object parseConfig(@Nullable String value) {
    return stock.parseConfig(value);
  }

  @Override
  public void close() {}

  /** Returns a text with as many code units as the password has code points. */
  private static String asCodeUnits(String password) {
    return "x".repeat(password.codePointCount(0, password.length()));
  }
}
