/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads single claims of whatever the issuer signs, each of exactly one type (RFC 7519). */
public final class Claims {

  private static final int MAX_TEXT = 255;

  /** The last second of the year 9999; what is larger is no date (RFC 7519 section 2). */
  private static final long MAX_DATE = 253_402_300_799L;

  /** The one spelling of a UUID that Keycloak and PostgreSQL share. */
  private static final Pattern CANONICAL_UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Claims() {}

  /** A text of 1 to 255 characters, none of them a control character; null for anything else. */
  public static @Nullable String text(@Nullable JsonNode node) {
    if (node == null || !node.isString()) {
      return null;
    }
    String text = node.stringValue();
    boolean plain =
        !text.isEmpty()
            && text.length() <= MAX_TEXT
            && text.chars()
                .noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    return plain ? text : null;
  }

  /**
   * A JSON integer that is a date in seconds; not a text that looks like one, not 1e300, not -1.
   */
  public static @Nullable Instant date(@Nullable JsonNode node) {
    if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
      return null;
    }
    long seconds = node.longValue();
    return seconds < 0 || seconds > MAX_DATE ? null : Instant.ofEpochSecond(seconds);
  }

  /** A JSON number that is a date in seconds and parts of them, to the microsecond. */
  public static @Nullable Instant exactDate(@Nullable JsonNode node) {
    if (node == null || !node.isNumber()) {
      return null;
    }
    double seconds = node.doubleValue();
    if (!(seconds >= 0 && seconds <= MAX_DATE)) {
      return null;
    }
    long micros = node.decimalValue().movePointRight(6).longValue();
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
  }

  /** One audience or several (RFC 7519 section 4.1.3); null for anything else. */
  public static @Nullable Set<String> audience(@Nullable JsonNode node) {
    if (node != null && node.isString()) {
      return Set.of(node.stringValue());
    }
    if (node == null || !node.isArray()) {
      return null;
    }
    Set<String> audience = new HashSet<>();
    for (JsonNode entry : node) {
      if (!entry.isString()) {
        return null;
      }
      audience.add(entry.stringValue());
    }
    return Set.copyOf(audience);
  }

  /** Whether this is a UUID in its one canonical spelling. */
  public static boolean isCanonicalUuid(@Nullable String text) {
    return text != null && CANONICAL_UUID.matcher(text).matches();
  }
}
