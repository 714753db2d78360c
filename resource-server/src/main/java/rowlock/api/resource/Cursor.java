/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a page begins: behind this resource. Opaque to clients. It needs no signature: whatever it
 * says, row security decides which rows there are.
 *
 * @param before ids of the page are smaller, which means older
 */
public record Cursor(UUID before) {

  /** In front of the newest resource. */
  public static final Cursor START = new Cursor(new UUID(-1, -1));

  private static final int BYTES = 16;

  /** The cursor as this API has written it; empty for anything else. */
  public static Optional<Cursor> parse(String text) {
    byte[] id;
    try {
      id = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (id.length != BYTES) {
      return Optional.empty();
    }
    ByteBuffer bits = ByteBuffer.wrap(id);
    Cursor cursor = new Cursor(new UUID(bits.getLong(), bits.getLong()));
    return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
  }

  /** As it goes into a URL. */
  public String text() {
    byte[] id =
        ByteBuffer.allocate(BYTES)
            .putLong(before.getMostSignificantBits())
            .putLong(before.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }
}
