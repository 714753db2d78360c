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
 * A JSON object on one line, members in the order they were added. Everything but printable ASCII
 * is escaped: a line break would forge a second entry (CWE-117), other control characters would
 * drive the terminal of whoever reads it.
 */
public final class JsonLine {
  /** Longest text from outside; the rest is cut, and an ellipsis says so. */
  private static final int LONGEST = 64;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Map<String, String> members = new LinkedHashMap<>();

  /** A value whose form is known. Absent when null. */
  public JsonLine id(String name, @Nullable String value) {
    if (value != null) {
      members.put(name, value);
    }
    return this;
  }

  /** A value that somebody outside may have chosen: bounded. Absent when null. */
  public JsonLine text(String name, @Nullable String value) {
    return id(
        name,
        value == null || value.length() <= LONGEST
            ? value
            : value.substring(0, LONGEST) + "\u2026");
  }

  @Override
  public String toString() {
    try {
      // DEL is the one control character that JSON lets through
      return JSON.writeValueAsString(members).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts can always be written", e);
    }
  }
}
