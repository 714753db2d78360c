/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Reads the mails in a folder, of all recipients, one file {@code *.eml} each. Thread-safe. */
public final class Mailbox {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Path folder;

  /** A file never changes, so it is read once. */
  private final ConcurrentMap<Path, Mail> read = new ConcurrentHashMap<>();

  /** Reads the mails of a folder, including those that arrive later. */
  public Mailbox(Path folder) {
    this.folder = folder;
  }

  /** Returns the mails to an address, the oldest first. */
  public List<Mail> to(String address) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".eml"))
          .sorted()
          .map(file -> read.computeIfAbsent(file, Mail::read))
          .filter(mail -> mail.to().stream().anyMatch(address::equalsIgnoreCase))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the first mail to an address. */
  public Mail await(String address) {
    return await(address, 1);
  }

  /**
   * Waits for a mail to an address.
   *
   * @param number 1 for the first that arrived, 2 for the next
   * @throws IllegalStateException if it does not arrive within 20 seconds
   */
  public Mail await(String address, int number) {
    var deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      var mails = to(address);
      if (mails.size() >= number) {
        return mails.get(number - 1);
      }
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException(
            "No mail number " + number + " to " + address + " in " + folder);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
