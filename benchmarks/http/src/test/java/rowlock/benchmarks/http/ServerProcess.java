/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/** Runs an executable jar as a process of the operating system. */
final class ServerProcess implements AutoCloseable {
  private static final Duration MAX_START = Duration.ofMinutes(2);

  private final String name;
  private final int port;
  private final Path log;
  private final Process process;

  private ServerProcess(String name, int port, Path log, Process process) {
    this.name = name;
    this.port = port;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a jar with the memory and the collector of the images.
   *
   * @param port that the server listens on
   * @param options further options of the JVM
   * @param settings values by the name of their property
   */
  static ServerProcess start(
      Path jar, int port, List<String> options, Map<String, String> settings) {
    List<String> command = new ArrayList<>();
    command.add(java());
    // the collector that the JVM chooses in a container with 512 MiB, such as those of the images
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    settings.forEach((setting, value) -> command.add("--" + setting + "=" + value));
    try {
      var log = Files.createTempFile("server", ".log");
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(variable -> variable.startsWith("ROWLOCK_"));
      return new ServerProcess(jar.toString(), port, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the program {@code java} of this JVM. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** Returns when the server accepts connections. */
  void awaitStart() {
    try {
      await().atMost(MAX_START).until(() -> !process.isAlive() || accepts());
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("Starting " + name + " failed: " + output(), e);
    }
    requireAlive();
  }

  /** Throws an exception that contains the output if the process has ended. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended unexpectedly: " + output());
    }
  }

  private boolean accepts() {
    try (var connection = new Socket("localhost", port)) {
      return connection.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns what the process has printed. */
  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the CPU time until now, in milliseconds. */
  long cpuMillis() {
    return ProcessCpu.millis(process.toHandle());
  }

  /** Returns the resident memory, in MiB (proc(5)). */
  long residentMebibytes() {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the process by SIGTERM and returns when it has ended. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    try {
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
