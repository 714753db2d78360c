/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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

  /** Returns the position of a text, or null if it is invalid. A missing text is the start. */
  static @Nullable Cursor parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return START;
    }
    try {
      var parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
      return parts.length == 2 ? new Cursor(Instant.parse(parts[0]), parts[1]) : null;
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
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
