/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Account names, read by the server's own rules: {@link String#trim()}, lower case, and the
 * server's look-up. Every spelling that the server takes for one name of an account has one key,
 * and so has every spelling of a name without an account.
 *
 * <p>An account with a user name and a different e-mail address has two keys. One key for both
 * would be an oracle: tries of one name would be refused after tries of the other.
 */
final class AccountName {
  /** The length of the columns. */
  private static final int LONGEST = 255;

  private AccountName() {}

  /** Returns a name as the server reads it from a form; empty if there is none. */
  static String canonical(@Nullable String typed) {
    return typed == null
        ? ""
        : Objects.requireNonNull(KeycloakModelUtils.toLowerCaseSafe(typed.trim()));
  }

  /** Finds the account as the server's own form does. */
  static Optional<UserModel> userOf(KeycloakSession session, RealmModel realm, String name) {
    if (!canExist(name)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(KeycloakModelUtils.findUserByNameOrEmail(session, realm, name));
    } catch (ModelDuplicateException e) {
      // two accounts with one address: the server refuses the login
      return Optional.empty();
    }
  }

  /**
   * Returns the key of a budget: the name itself, or the user name of the account if a user storage
   * has found it by a spelling that is neither its user name nor its address.
   */
  static String keyOf(String name, Optional<UserModel> found) {
    return found
        .filter(
            user ->
                Stream.of(user.getUsername(), user.getEmail())
                    .noneMatch(one -> canonical(one).equals(name)))
        .map(user -> canonical(user.getUsername()))
        .orElse(name);
  }

  /** The database cannot hold a NUL, and refuses a query with one. */
  private static boolean canExist(String name) {
    return !name.isEmpty() && name.length() <= LONGEST && name.indexOf('\0') < 0;
  }
}
