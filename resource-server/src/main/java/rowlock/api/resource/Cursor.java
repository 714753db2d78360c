/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  /** Returns the cursor of this API that the text represents, or null for any other text. */
  public static @Nullable Cursor parse(String text) {
    byte[] id;
    try {
      id = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (id.length != BYTES) {
      return null;
    }
    var bits = ByteBuffer.wrap(id);
    var cursor = new Cursor(new UUID(bits.getLong(), bits.getLong()));
    return cursor.text().equals(text) ? cursor : null;
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
