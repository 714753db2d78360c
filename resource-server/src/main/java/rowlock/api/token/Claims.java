/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads single claims of tokens of the issuer, each of exactly one type (RFC 7519). */
public final class Claims {
  private static final int MAX_TEXT = 255;

  /** The last second of the year 9999; larger numbers are not dates (RFC 7519 §2). */
  private static final long MAX_DATE = 253_402_300_799L;

  /** The canonical spelling of a UUID in Keycloak and PostgreSQL. */
  private static final Pattern CANONICAL_UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Claims() {}

  /** Returns a text of 1 to 255 characters without control characters; null for any other value. */
  public static @Nullable String text(@Nullable JsonNode node) {
    if (node == null || !node.isString()) {
      return null;
    }
    var text = node.stringValue();
    var plain =
        !text.isEmpty()
            && text.length() <= MAX_TEXT
            && text.chars()
                .noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    return plain ? text : null;
  }

  /**
   * Returns the date of a JSON integer in seconds; null for a string, a fraction or a negative
   * number.
   */
  public static @Nullable Instant date(@Nullable JsonNode node) {
    if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
      return null;
    }
    var seconds = node.longValue();
    return seconds < 0 || seconds > MAX_DATE ? null : Instant.ofEpochSecond(seconds);
  }

  /** Returns the date of a JSON number in seconds with fractions, to the microsecond. */
  public static @Nullable Instant exactDate(@Nullable JsonNode node) {
    if (node == null || !node.isNumber()) {
      return null;
    }
    var seconds = node.doubleValue();
    if (!(seconds >= 0 && seconds <= MAX_DATE)) {
      return null;
    }
    var micros = node.decimalValue().movePointRight(6).longValue();
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
  }

  /** Returns one or several audiences (RFC 7519 §4.1.3); null for any other value. */
  public static @Nullable Set<String> audience(@Nullable JsonNode node) {
    if (node != null && node.isString()) {
      return Set.of(node.stringValue());
    }
    if (node == null || !node.isArray()) {
      return null;
    }
    Set<String> audience = new HashSet<>();
    for (var entry : node) {
      if (!entry.isString()) {
        return null;
      }
      audience.add(entry.stringValue());
    }
    return Set.copyOf(audience);
  }

  /** Returns whether the text is a UUID in canonical spelling. */
  public static boolean isCanonicalUuid(@Nullable String text) {
    return text != null && CANONICAL_UUID.matcher(text).matches();
  }
}
