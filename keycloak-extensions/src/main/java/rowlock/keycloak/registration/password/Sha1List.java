/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text file of SHA-1 hashes in ascending order, one a line, {@code HASH} or {@code HASH:COUNT},
 * the format of "Have I Been Pwned". Of any size: a look-up reads about forty lines of the file.
 * Thread-safe. Closed by the garbage collector, because a reader may still use it when a new list
 * replaces it.
 */
final class Sha1List {
  private static final int HASH = 40;

  /** Length of a hash, a colon, a count and the line end. */
  private static final int MAX_LINE_LENGTH = HASH + 24;

  private static final Pattern LINE = Pattern.compile("[0-9A-Fa-f]{40}(:[0-9]{1,19})?");

  private final FileChannel file;

  private Sha1List(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens a list.
   *
   * @throws IllegalArgumentException if its first or last line is not a hash, or they are not in
   *     order
   */
  static Sha1List open(Path path) throws IOException {
    var file = FileChannel.open(path, StandardOpenOption.READ);
    var list = new Sha1List(file);
    try {
      var first = list.lineAt(0);
      var last = list.lineAt(Math.max(0, file.size() - HASH));
      if (hash(first).compareTo(hash(last)) > 0) {
        throw new IllegalArgumentException("is not in ascending order");
      }
      return list;
    } catch (IOException | IllegalArgumentException e) {
      file.close();
      throw e;
    }
  }

  boolean contains(String password) throws IOException {
    var searched = sha1(password);
    var low = 0L;
    var high = file.size();
    while (low < high) {
      var middle = (low + high) >>> 1;
      var start = lineStart(middle);
      var line = lineAt(start);
      var order = hash(line).compareTo(searched);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = start + line.length() + 1L;
      } else {
        high = start;
      }
    }
    return false;
  }

  /** Returns the hash in upper case, as the lists have it. */
  static String sha1(String password) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(password.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-1", e);
    }
  }

  private static String hash(String line) {
    var text = line.strip();
    if (!LINE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "has a line that is neither HASH nor HASH:COUNT with a SHA-1 hash of 40 digits");
    }
    return text.substring(0, HASH).toUpperCase(Locale.ROOT);
  }

  /** Returns the start of the line that contains this byte. */
  private long lineStart(long position) throws IOException {
    var from = Math.max(0, position - MAX_LINE_LENGTH);
    var before = read(from, (int) (position - from));
    return from + before.lastIndexOf('\n') + 1;
  }

  /** Returns the line that contains this byte, without its end. */
  private String lineAt(long position) throws IOException {
    var start = lineStart(position);
    var text = read(start, (int) Math.min(MAX_LINE_LENGTH, file.size() - start));
    var end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private String read(long position, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("The list was truncated while it was read");
      }
    }
    return new String(buffer.array(), US_ASCII);
  }
}
