/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.profile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.UserModel;
import org.keycloak.userprofile.UserProfileContext;
import rowlock.keycloak.support.NameText;

/**
 * Decides which values of a profile skip validation because the account has them already. A rule
 * that was introduced or tightened later must not prevent an administrator from disabling an
 * account, or its owner from saving another field.
 */
public final class StoredValues {
  /** Compared case-insensitively: the server stores both in lower case. */
  private static final Set<String> NAMES = Set.of(UserModel.USERNAME, UserModel.EMAIL);

  /** Contexts of a new account, including values asserted by an identity provider. */
  private static final Set<UserProfileContext> NEW_ACCOUNT =
      Set.of(UserProfileContext.REGISTRATION, UserProfileContext.IDP_REVIEW);

  private StoredValues() {}

  /**
   * Returns whether an attribute equals its stored value. A missing value counts as stored for
   * administrators only: users are still asked for required attributes.
   */
  public static boolean isUnchanged(
      UserProfileContext context, @Nullable UserModel user, String name, List<String> values) {
    if (user == null || NEW_ACCOUNT.contains(context)) {
      return false;
    }
    var stored = comparable(name, user.getAttributeStream(name));
    var given = comparable(name, values.stream());
    return stored.isEmpty() ? given.isEmpty() && context.isAdminContext() : isSame(stored, given);
  }

  /** Returns values as they will be stored: account names and addresses in their canonical form. */
  public static List<String> canonical(
      @Nullable UserModel user, String name, List<String> values, boolean isNameOfDirectory) {
    if (!NAMES.contains(name)
        || isNameOfDirectory
        || (user != null
            && isSame(
                comparable(name, user.getAttributeStream(name)),
                comparable(name, values.stream())))) {
      return values;
    }
    return values.stream().map(NameText::canonical).toList();
  }

  private static List<String> comparable(String name, Stream<String> values) {
    var texts = values.filter(value -> value != null && !value.isBlank());
    return (NAMES.contains(name) ? texts.map(value -> value.toLowerCase(Locale.ROOT)) : texts)
        .toList();
  }

  /** Compares as multisets: each value equally often, in any order. */
  private static boolean isSame(Collection<String> one, Collection<String> other) {
    var left = new ArrayList<>(other);
    return one.size() == other.size() && one.stream().allMatch(left::remove);
  }
}
