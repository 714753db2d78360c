/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The position after which a page begins. Opaque to clients. It needs no signature: row security
 * limits the rows, whatever its value.
 *
 * @param before ids of the page are smaller, which means older
 */
public record Cursor(UUID before) {

  /** The position before the newest resource. */
  public static final Cursor START = new Cursor(new UUID(-1, -1));

  private static final int BYTES = 16;

  /** Parses a cursor of this API; empty for any other text. */
  public static Optional<Cursor> parse(String text) {
    byte[] id;
    try {
      id = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (id.length != BYTES) {
      return Optional.empty();
    }
    var bits = ByteBuffer.wrap(id);
    var cursor = new Cursor(new UUID(bits.getLong(), bits.getLong()));
    return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
  }

  /** Returns the URL-safe text. */
  public String text() {
    var id =
        ByteBuffer.allocate(BYTES)
            .putLong(before.getMostSignificantBits())
            .putLong(before.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }
}
