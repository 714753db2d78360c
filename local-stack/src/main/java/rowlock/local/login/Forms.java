/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes the media type {@code application/x-www-form-urlencoded}. */
final class Forms {
  private Forms() {}

  static String encode(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                URLEncoder.encode(field.getKey(), UTF_8)
                    + "="
                    + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  static Map<String, String> decode(@Nullable String query) {
    var fields = new LinkedHashMap<String, String>();
    if (query != null && !query.isEmpty()) {
      for (var pair : query.split("&", -1)) {
        var parts = pair.split("=", 2);
        fields.put(
            URLDecoder.decode(parts[0], UTF_8),
            parts.length == 2 ? URLDecoder.decode(parts[1], UTF_8) : "");
      }
    }
    return fields;
  }
}
