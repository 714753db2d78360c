/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Runs a process of the stack. Its output is written to a log file, and its command line names its
 * stack.
 */
public final class ChildProcess implements RunningServer {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a command.
   *
   * @param environment variables to set; the launcher's own variables that begin with PG or KC_ are
   *     not inherited, because they would configure the servers
   */
  public static ChildProcess start(
      List<String> command, Path directory, Path log, Map<String, String> environment) {
    var builder =
        new ProcessBuilder(DetachedCommand.detached(command))
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("KC_"));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      var process = builder.start();
      process.getOutputStream().close();
      return new ChildProcess(process);
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  /** Waits for the end of the process and returns the exit status. */
  public int await() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void stop(Signal signal, Duration limit) {
    if (!process.isAlive()) {
      return;
    }
    switch (signal) {
      case TERMINATE -> process.destroy();
      // Java can send SIGTERM and SIGKILL only
      case INTERRUPT -> Signals.interrupt(process.toHandle());
    }
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void kill() {
    var family = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    Waiting.until(
        KILL_LIMIT, Duration.ofMillis(5), () -> family.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static StackFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StackFailure("Interrupted while waiting for a process of the stack.", e);
  }

  /**
   * Returns the last line with an error level, or the last line that is not empty.
   *
   * @param readable converts a line of the log to text
   */
  static String lastWords(Path log, UnaryOperator<String> readable) {
    try {
      var lines =
          Files.readString(log, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .map(readable)
              .toList();
      return lines.reversed().stream()
          .filter(
              line -> line.contains("ERROR") || line.contains("FATAL") || line.contains("error:"))
          .findFirst()
          .orElseGet(() -> lines.isEmpty() ? "nothing" : lines.getLast())
          .strip();
    } catch (IOException e) {
      return "log unreadable (" + e.getMessage() + ")";
    }
  }
}
