/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Directories that are costly to make and never change afterwards. Each is made beside its place
 * and then renamed, under a lock that other JVMs respect, so that nobody ever sees half of one.
 */
final class Cache {
  private final Path directory;

  Cache(Path directory) {
    this.directory = directory;
  }

  /** Where all entries are. */
  Path directory() {
    return directory;
  }

  /** Makes the content of a directory that exists and is empty. */
  @FunctionalInterface
  interface Maker {
    void make(Path empty) throws IOException;
  }

  /**
   * The directory of that name, made now if it is not there.
   *
   * @param name file name that holds everything the content depends on
   * @param neededBytes free space without which making it is not tried
   */
  Path entry(String name, long neededBytes, Maker maker) {
    var entry = directory.resolve(name);
    if (Files.isDirectory(entry)) {
      return entry;
    }
    // a file lock keeps other JVMs out, not other threads of this one
    synchronized (Cache.class) {
      try {
        Files.createDirectories(directory);
        var lockFile = directory.resolve(name + ".lock");
        try (var channel =
                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.lock()) {
          if (!lock.isValid()) {
            throw new IOException("lost the lock " + lockFile);
          }
          if (!Files.isDirectory(entry)) {
            DiskSpace.require(directory, neededBytes);
            var unfinished = directory.resolve(name + ".unfinished");
            DirectoryTree.delete(unfinished);
            Files.createDirectory(unfinished);
            maker.make(unfinished);
            Files.move(unfinished, entry, StandardCopyOption.ATOMIC_MOVE);
          }
        }
      } catch (IOException e) {
        throw StackFailure.writing(directory, e);
      }
    }
    return entry;
  }
}
