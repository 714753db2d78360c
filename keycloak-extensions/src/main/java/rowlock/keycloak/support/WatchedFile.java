/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The parsed content of an operator's file, reloaded soon after the file has changed. Replace the
 * file in one step ({@code mv}). If the new file is unreadable, the previous content stays in use
 * and a warning is logged. Thread-safe.
 *
 * @param <T> type of the content
 */
public final class WatchedFile<T> {
  private static final Logger log = Logger.getLogger(WatchedFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Path path;
  private final Reader<T> reader;
  private volatile Loaded<T> loaded;
  private volatile long checkedAt = System.nanoTime();

  private WatchedFile(Path path, Reader<T> reader, Loaded<T> loaded) {
    this.path = path;
    this.reader = reader;
    this.loaded = loaded;
  }

  /** Parses a file; throws an {@link IllegalArgumentException} with the reason if it is invalid. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Parses the file. */
    T read(Path path) throws IOException;
  }

  /**
   * Reads a file for the first time.
   *
   * @param setting name of the setting with the path, for the message
   * @throws IllegalArgumentException with a message that names setting, file and fault
   */
  public static <T> WatchedFile<T> open(String setting, String path, Reader<T> reader) {
    var file = Path.of(path);
    try {
      return new WatchedFile<>(file, reader, Loaded.of(file, reader));
    } catch (IOException e) {
      throw new IllegalArgumentException(setting + ": " + path + " cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + ": " + path + " " + e.getMessage(), e);
    }
  }

  /** Returns the content, at most a few seconds old. */
  public T content() {
    if (System.nanoTime() - checkedAt > INTERVAL.toNanos()) {
      reloadIfChanged();
    }
    return loaded.content;
  }

  /** Returns the file name and the time of its last change. */
  public String description() {
    return path.getFileName() + " of " + loaded.stamp.lastModified;
  }

  private synchronized void reloadIfChanged() {
    if (System.nanoTime() - checkedAt <= INTERVAL.toNanos()) {
      return;
    }
    checkedAt = System.nanoTime();
    try {
      if (!Stamp.of(path).equals(loaded.stamp)) {
        loaded = Loaded.of(path, reader);
        log.infof("Reloaded %s after a change", path);
      }
    } catch (IOException | IllegalArgumentException e) {
      log.warnf("Reloading %s failed: %s; the previous content stays in use", path, e);
    }
  }

  private record Loaded<T>(Stamp stamp, T content) {
    static <T> Loaded<T> of(Path path, Reader<T> reader) throws IOException {
      var stamp = Stamp.of(path);
      return new Loaded<>(stamp, reader.read(path));
    }
  }

  private record Stamp(String lastModified, long size, @Nullable Object key) {
    static Stamp of(Path path) throws IOException {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(
          attributes.lastModifiedTime().toString(), attributes.size(), attributes.fileKey());
    }
  }
}
