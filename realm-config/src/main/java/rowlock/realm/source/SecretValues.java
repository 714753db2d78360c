/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Knows the values that no output may contain, by the names of their placeholders. */
public final class SecretValues {
  private static final String MASK = "(secret)";
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?:.*_)?(?:SECRET|PASSWORD|PASSPHRASE|CREDENTIAL|TOKEN|KEY)");

  /** Text of Keycloak for a value from its vault, which is not the value. */
  private static final Pattern VAULT = Pattern.compile("\\$\\{vault\\.[^}]+}");

  /** Shorter values are so frequent in texts that replacing them would make a message useless. */
  private static final int MIN_LENGTH_IN_TEXTS = 4;

  private final Set<String> values = new LinkedHashSet<>();

  private final Set<String> names;

  /**
   * @param names of placeholders that are secret whatever they are called
   */
  SecretValues(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  /** Remembers the value of a placeholder, and the text that it became a part of. */
  void add(String placeholder, String value, String whole) {
    var secret = names.contains(placeholder) || SECRET_NAME.matcher(placeholder).matches();
    if (secret && !isVaultReference(value)) {
      values.add(value);
      values.add(whole);
    }
  }

  /** Returns whether the text was made from a secret value. */
  public boolean contains(String text) {
    return values.contains(text);
  }

  /** Returns the text with each secret value replaced, for messages of servers and libraries. */
  public String hideIn(String text) {
    var hidden = text;
    for (var value : values) {
      if (value.length() >= MIN_LENGTH_IN_TEXTS) {
        hidden = hidden.replace(value, MASK);
      }
    }
    return hidden;
  }

  /** Returns whether the text refers to Keycloak's vault. */
  public static boolean isVaultReference(String text) {
    return VAULT.matcher(text).matches();
  }
}
