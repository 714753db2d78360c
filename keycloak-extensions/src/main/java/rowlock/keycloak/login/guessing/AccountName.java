/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.support.NameText;

/**
 * An account name as typed, interpreted by the server's own rules: {@link String#trim()}, lower
 * case, and the server's look-up. If there is no such account, the canonical form of the name
 * ({@link NameText}) is looked up, because pasted names contain invisible characters. All spellings
 * of one name of an account share a budget key, and so do all spellings of a name without an
 * account.
 *
 * <p>An account with a user name and a different e-mail address has two keys. A common key would be
 * an oracle: tries of one name would be refused after tries of the other.
 *
 * @param spelling by which the server finds the account, if there is one; empty if nothing was
 *     typed
 * @param user the account; null if there is none
 */
record AccountName(String spelling, @Nullable UserModel user) {
  /** Length of the database columns. */
  private static final int MAX_LENGTH = 255;

  /** Reads a name as it was typed. */
  static AccountName read(KeycloakSession session, RealmModel realm, @Nullable String typed) {
    var name = canonical(typed);
    var user = find(session, realm, name);
    var visible = user == null ? canonical(NameText.canonical(name)) : name;
    return visible.equals(name)
        ? new AccountName(name, user)
        : new AccountName(visible, find(session, realm, visible));
  }

  /**
   * Reads the name of a form. If the server would not find the account by what was typed, the form
   * holds the other spelling afterwards.
   */
  static AccountName readFrom(
      KeycloakSession session, RealmModel realm, MultivaluedMap<String, String> form) {
    var typed = form.getFirst(GuardedPasswordForm.USERNAME);
    var name = read(session, realm, typed);
    if (typed != null && !typed.equalsIgnoreCase(name.spelling())) {
      form.putSingle(GuardedPasswordForm.USERNAME, name.spelling());
    }
    return name;
  }

  /** Returns the keys of all names of an account. */
  static Set<String> keysOf(UserModel user) {
    return Stream.of(user.getUsername(), user.getEmail())
        .map(AccountName::canonical)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  /** Returns a name as the server reads it from a form; empty if there is none. */
  static String canonical(@Nullable String typed) {
    return typed == null
        ? ""
        : Objects.requireNonNull(KeycloakModelUtils.toLowerCaseSafe(typed.trim()));
  }

  /**
   * Returns the key of a budget: the name itself, or the user name of the account if a user storage
   * has found it by a spelling that is neither its user name nor its address.
   */
  String key() {
    return user == null || keysOf(user).contains(spelling)
        ? spelling
        : canonical(user.getUsername());
  }

  /** Finds the account as the server's own form does. Returns null if there is none. */
  private static @Nullable UserModel find(KeycloakSession session, RealmModel realm, String name) {
    if (!canExist(name)) {
      return null;
    }
    try {
      return KeycloakModelUtils.findUserByNameOrEmail(session, realm, name);
    } catch (ModelDuplicateException e) {
      // two accounts with one address: the server refuses the login
      return null;
    }
  }

  /** The database cannot hold a NUL, and refuses a query with one. */
  private static boolean canExist(String name) {
    return !name.isEmpty() && name.length() <= MAX_LENGTH && name.indexOf('\0') < 0;
  }
}
