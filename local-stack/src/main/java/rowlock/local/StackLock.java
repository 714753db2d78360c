/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.StackFailure;

/**
 * Allows one launcher at a time per data directory. The operating system releases the lock when the
 * process ends.
 */
final class StackLock implements AutoCloseable {
  private final FileChannel channel;

  private StackLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws StackFailure if another launcher has it; the message names its process
   */
  static StackLock take(StateDirectory state) {
    var file = state.launcherLock();
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StackFailure(
            "The local stack of %s is already running as process %s: stop that process, or set ROWLOCK_DATA and the ports to run a second stack."
                .formatted(state.directory(), Files.readString(file).strip()));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new StackLock(channel);
    } catch (IOException e) {
      throw StackFailure.writing(state.directory(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // this process itself has the lock
      return null;
    }
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw StackFailure.writing(Path.of("the lock"), e);
    }
  }
}
