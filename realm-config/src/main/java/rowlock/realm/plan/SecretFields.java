/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.model.RealmObject;
import rowlock.realm.source.SecretValues;

/**
 * Decides which fields are secret, and whether a secret value is another one than the last that was
 * applied. The server does not return secret values.
 */
final class SecretFields {
  static final String MASK = "(secret)";
  static final String CHANGED_MASK = "(another secret)";

  private static final Pattern NAME =
      Pattern.compile(
          "(?:.*[^A-Za-z])?(?:secret|password|passphrase|private\\.?key|secret\\.?key|bindcredential)"
              + "|.*(?:Secret|Password|Passphrase|PrivateKey|SecretKey|Credential)"
              + "|privateKey|bindCredential|secretKey");

  private final SecretValues values;
  private final Map<String, String> applied;
  private final boolean rewrite;

  /**
   * @param values of placeholders
   * @param applied fingerprints of the values that were applied last, by field
   * @param rewrite whether all secret values count as different
   */
  SecretFields(SecretValues values, Map<String, String> applied, boolean rewrite) {
    this.values = values;
    this.applied = applied;
    this.rewrite = rewrite;
  }

  /** A reference to Keycloak's vault is not secret. */
  boolean isSecret(String name, JsonNode declared) {
    if (!declared.isTextual()) {
      return false;
    }
    var text = declared.textValue();
    return !text.isEmpty()
        && !SecretValues.isVaultReference(text)
        && (values.contains(text) || NAME.matcher(name).matches());
  }

  boolean isKnownToDiffer(ObjectKey object, String path, JsonNode declared) {
    var field = Fingerprint.field(object, path);
    var before = applied.get(field);
    return rewrite
        || (before != null && !before.equals(Fingerprint.of(field, declared.textValue())));
  }

  /** Returns the secret values of an object by the path of their fields. */
  SortedMap<String, String> in(RealmObject object) {
    SortedMap<String, String> found = new TreeMap<>();
    collect(found, "", object.content());
    return found;
  }

  private void collect(Map<String, String> found, String path, JsonNode node) {
    for (var member : node.properties()) {
      var inner = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
      if (isSecret(member.getKey(), member.getValue())) {
        found.put(inner, member.getValue().textValue());
      } else if (member.getValue().isObject()) {
        collect(found, inner, member.getValue());
      } else if (member.getValue().isArray()) {
        for (var element : member.getValue()) {
          collect(found, inner + "[" + Comparison.identityOf(element) + "]", element);
        }
      }
    }
  }
}
