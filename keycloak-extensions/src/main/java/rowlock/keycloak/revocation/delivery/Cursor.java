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
 * How far a receiver has read. To it, a text without meaning.
 *
 * @param time of writing up to which it has all
 * @param id of the last message of that time; empty for none
 */
record Cursor(Instant time, String id) {
  /**
   * A message becomes visible with the commit, a little after it is written, and others may be
   * visible before it. So whoever has read everything begins so much earlier the next time, and
   * gets some messages again.
   */
  static final Duration OVERLAP = Duration.ofSeconds(60);

  private static final Cursor START = new Cursor(Instant.EPOCH, "");

  /** Reads a text, empty if it is none of ours; what is absent begins at the start. */
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

  /** Right after a message. */
  static Cursor after(Outbox.Message message) {
    return new Cursor(message.createdAt(), message.id());
  }

  /** When everything has been read; may be before what was read last. */
  static Cursor atEnd(Instant now) {
    return new Cursor(now.minus(OVERLAP), "");
  }

  /** As the receiver gets it. */
  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((time + " " + id).getBytes(StandardCharsets.UTF_8));
  }
}
