/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.DiskSpace;
import rowlock.local.system.StackFailure;

/**
 * Keeps directories that are costly to make and never change afterwards. Each is made in a
 * temporary directory and then renamed, under a lock that other JVMs respect. No reader sees an
 * incomplete entry.
 */
public final class Cache {
  private static final String UNFINISHED = ".unfinished";

  /** A built Keycloak takes 330 MB, and each change of an extension adds one. */
  private static final int MAX_ENTRIES_PER_KIND = 4;

  private final Path directory;

  /** Uses a directory that several JVMs may share. */
  public Cache(Path directory) {
    this.directory = directory;
  }

  /** Returns the directory of all entries. */
  public Path directory() {
    return directory;
  }

  /** Fills an empty directory. */
  @FunctionalInterface
  public interface Maker {
    void make(Path empty) throws IOException;
  }

  /**
   * Returns the entry of that name, and makes it first if it does not exist.
   *
   * @param name file name that contains everything the content depends on; the part before the
   *     first hyphen is its kind
   * @param neededBytes free space that is required before the entry is made
   */
  public Path entry(String name, long neededBytes, Maker maker) {
    var entry = directory.resolve(name);
    if (Files.isDirectory(entry)) {
      return used(entry);
    }
    // a file lock keeps out other JVMs, but not other threads of this JVM
    synchronized (Cache.class) {
      try {
        Files.createDirectories(directory);
        var lockFile = directory.resolve(name + ".lock");
        try (var channel =
                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.lock()) {
          if (!lock.isValid()) {
            throw new IOException("The lock is lost: " + lockFile);
          }
          if (!Files.isDirectory(entry)) {
            DiskSpace.require(directory, neededBytes);
            var unfinished = directory.resolve(name + UNFINISHED);
            DirectoryTree.delete(unfinished);
            Files.createDirectory(unfinished);
            maker.make(unfinished);
            Files.move(unfinished, entry, StandardCopyOption.ATOMIC_MOVE);
            used(entry);
            prune(name.replaceFirst("-.*", "-"));
          }
        }
      } catch (IOException e) {
        throw StackFailure.writing(directory, e);
      }
    }
    return entry;
  }

  private static Path used(Path entry) {
    try {
      return Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw StackFailure.writing(entry, e);
    }
  }

  /**
   * Removes the least recently used entries of a kind beyond the limit, except those that a server
   * runs from.
   */
  private void prune(String kind) throws IOException {
    var entries = new ArrayList<Path>();
    try (var found = Files.newDirectoryStream(directory, kind + "*")) {
      for (var entry : found) {
        if (Files.isDirectory(entry) && !entry.toString().endsWith(UNFINISHED)) {
          entries.add(entry);
        }
      }
    }
    entries.sort(Comparator.comparing(Cache::lastUse).reversed());
    for (var entry :
        entries.subList(Math.min(MAX_ENTRIES_PER_KIND, entries.size()), entries.size())) {
      if (!runsOn(entry)) {
        DirectoryTree.delete(entry);
      }
    }
  }

  private static FileTime lastUse(Path entry) {
    try {
      return Files.getLastModifiedTime(entry);
    } catch (IOException e) {
      throw StackFailure.writing(entry, e);
    }
  }

  private static boolean runsOn(Path entry) {
    // compares the name alone: another stack may reach the same cache by another path
    var place = entry.getFileName() + "/";
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(place));
  }
}
