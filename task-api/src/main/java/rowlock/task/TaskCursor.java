/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a page begins: behind this task. Opaque to clients. It needs no signature: whatever it
 * says, row security decides which rows there are.
 *
 * @param before ids of the page are smaller, which means older
 */
record TaskCursor(UUID before) {

  /** In front of the newest task. */
  static final TaskCursor START = new TaskCursor(new UUID(-1, -1));

  private static final int BYTES = 16;

  /** The cursor as this API has written it; empty for anything else. */
  static Optional<TaskCursor> parse(String text) {
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
    TaskCursor cursor = new TaskCursor(new UUID(bits.getLong(), bits.getLong()));
    return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
  }

  /** As it goes into a URL. */
  String text() {
    byte[] id =
        ByteBuffer.allocate(BYTES)
            .putLong(before.getMostSignificantBits())
            .putLong(before.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }
}
