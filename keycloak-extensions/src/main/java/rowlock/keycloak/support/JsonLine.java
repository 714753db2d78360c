/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object on one line, members in insertion order. Everything but printable ASCII is escaped:
 * a line break would forge a second entry (CWE-117), and other control characters would control the
 * reader's terminal.
 */
public final class JsonLine {
  /** Maximum length of an external text; the rest is cut and replaced by an ellipsis. */
  private static final int MAX_LENGTH = 64;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Map<String, String> members = new LinkedHashMap<>();

  /** Adds a value of a known format; omitted if null. */
  public JsonLine id(String name, @Nullable String value) {
    if (value != null) {
      members.put(name, value);
    }
    return this;
  }

  /** Adds a value that may come from outside, cut to the maximum length; omitted if null. */
  public JsonLine text(String name, @Nullable String value) {
    return id(
        name,
        value == null || value.length() <= MAX_LENGTH
            ? value
            : value.substring(0, MAX_LENGTH) + "\u2026");
  }

  @Override
  public String toString() {
    try {
      // DEL is the only control character that JSON does not escape
      return JSON.writeValueAsString(members).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts can always be written", e);
    }
  }
}
