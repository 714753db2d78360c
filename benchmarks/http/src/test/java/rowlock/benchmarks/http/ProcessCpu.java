/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Reads the CPU time of processes from {@code /proc/<pid>/stat} (proc(5)). */
final class ProcessCpu {
  /** The unit of the file, {@code USER_HZ}, which is 100 on all supported platforms. */
  private static final long MILLIS_PER_TICK = 10;

  // positions after the name of the program, which is in parentheses and may contain blanks
  private static final int USER_TIME = 11;
  private static final int FIELDS = 4;

  private ProcessCpu() {}

  /** Returns the CPU time of a process and all its descendants, in milliseconds. */
  static long millis(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToLong(each -> ownMillis(each.pid()))
        .sum();
  }

  /** Returns user and system time of a process, and of its children that have ended. */
  private static long ownMillis(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Stream.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "))
              .skip(USER_TIME)
              .limit(FIELDS)
              .mapToLong(Long::parseLong)
              .sum()
          * MILLIS_PER_TICK;
    } catch (NoSuchFileException e) {
      return 0; // the time is now part of its parent's
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
