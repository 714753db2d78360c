/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * The position of a polling receiver, which it gets as an opaque text.
 *
 * @param time creation time of the last message that it has
 * @param id row id of that message; empty for none
 */
record Cursor(Instant time, String id) {
  /**
   * A message becomes visible with its commit, after others that were created later. So the
   * position at the end is earlier by this time, and the receiver gets some messages again.
   */
  static final Duration OVERLAP = Duration.ofSeconds(60);

  private static final Cursor START = new Cursor(Instant.EPOCH, "");

  /** Parses a text; empty if it is invalid. A missing text is the start. */
  static Optional<Cursor> parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Optional.of(START);
    }
    try {
      var parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
      return parts.length == 2
          ? Optional.of(new Cursor(Instant.parse(parts[0]), parts[1]))
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the position after a message. */
  static Cursor after(Outbox.Message message) {
    return new Cursor(message.createdAt(), message.id());
  }

  /** Returns the position after all messages, which may be before the last one. */
  static Cursor atEnd(Instant now) {
    return new Cursor(now.minus(OVERLAP), "");
  }

  /** Returns the text for the receiver. */
  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((time + " " + id).getBytes(StandardCharsets.UTF_8));
  }
}
