/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;

/**
 * A sorted list of domains in as many bytes as their text has. Exact, because a false positive
 * would reject a legitimate user. Immutable.
 */
final class DomainList {
  private final byte[] lines;
  private final int size;

  private DomainList(byte[] lines, int size) {
    this.lines = lines;
    this.size = size;
  }

  static DomainList of(Collection<String> domains) {
    var sorted = new TreeSet<>(domains);
    var text = new StringBuilder();
    sorted.forEach(domain -> text.append(domain).append('\n'));
    return new DomainList(text.toString().getBytes(US_ASCII), sorted.size());
  }

  /** Reads the format of {@link #toBytes}. */
  static DomainList read(InputStream in) throws IOException {
    var lines = in.readAllBytes();
    var size = 0;
    for (var one : lines) {
      size += one == '\n' ? 1 : 0;
    }
    return new DomainList(lines, size);
  }

  /**
   * Reads an operator's file: one domain a line, {@code #} begins a comment.
   *
   * @throws IllegalArgumentException with the number of the first invalid line
   */
  static DomainList readText(Path file) throws IOException {
    var domains = new TreeSet<String>();
    var number = 0;
    for (var line : Files.readAllLines(file, UTF_8)) {
      number++;
      var text = line.replaceFirst("#.*", "").strip();
      if (!text.isEmpty()) {
        var domain = MailDomain.of(text);
        if (domain == null) {
          throw new IllegalArgumentException("has an invalid domain in line " + number);
        }
        domains.add(domain.name());
      }
    }
    return of(domains);
  }

  /** Reads a resource of the jar, in the format of an operator's file. */
  static DomainList resource(String name) {
    try (var in = DomainList.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + name);
      }
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar is damaged", e);
    }
  }

  /** Returns one domain a line, in ascending order of their bytes. */
  byte[] toBytes() {
    return lines.clone();
  }

  int size() {
    return size;
  }

  /** Returns whether the domain or one of its parents is listed. */
  boolean covers(MailDomain domain) {
    return domain.withParents().stream().anyMatch(this::contains);
  }

  boolean contains(String domain) {
    var searched = domain.getBytes(US_ASCII);
    var low = 0;
    var high = lines.length;
    while (low < high) {
      var start = (low + high) >>> 1;
      while (start > low && lines[start - 1] != '\n') {
        start--;
      }
      var end = start;
      while (lines[end] != '\n') {
        end++;
      }
      var order = Arrays.compare(lines, start, end, searched, 0, searched.length);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = end + 1;
      } else {
        high = start;
      }
    }
    return false;
  }
}
