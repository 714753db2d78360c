/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import rowlock.task.TaskApiApplication;

/**
 * Runs task-api as an operating-system process on free ports. It serves tests in which several
 * processes share a database, or one is killed. The process ends with the JVM that started it, even
 * if that is killed.
 */
public final class TaskApiProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final String PORTS = "--ports=";

  private final List<String> settings;
  private final Map<String, String> environment;
  private final Path directory;
  private Process process;
  private int port;
  private int managementPort;

  private TaskApiProcess(List<String> settings, Map<String, String> environment, Path directory)
      throws IOException {
    this.settings = settings;
    this.environment = environment;
    this.directory = directory;
    this.process = launch(List.of("--rowlock.api.port=0", "--rowlock.api.management.port=0"));
  }

  /**
   * Starts a process and returns when it is ready.
   *
   * @param settings such as {@code --rowlock.issuer=...}
   * @throws IllegalStateException if it does not start; the message contains the end of its log
   */
  public static TaskApiProcess start(List<String> settings) {
    return begin(settings, Map.of()).awaitStart();
  }

  /** Starts a process with additional environment variables. */
  public static TaskApiProcess start(List<String> settings, Map<String, String> environment) {
    return begin(settings, environment).awaitStart();
  }

  /** Starts several processes at the same time. Close each when done. */
  public static List<TaskApiProcess> start(List<String> settings, int count) {
    var begun = Stream.generate(() -> begin(settings, Map.of())).limit(count).toList();
    return begun.stream().map(TaskApiProcess::awaitStart).toList();
  }

  private static TaskApiProcess begin(List<String> settings, Map<String, String> environment) {
    try {
      return new TaskApiProcess(settings, environment, Files.createTempDirectory("task-api"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch(List<String> ports) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // a short run regains neither the cost of the second compiler nor that of verification
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(TaskApiProcess.class.getName());
    command.add(PORTS + directory);
    // several applications on the class path have a file of this name
    command.add(Applications.ownSettings(TaskApiApplication.class));
    command.addAll(ports);
    settings.stream()
        .filter(setting -> !setting.matches("--rowlock\\.api\\.(management\\.)?port=.*"))
        .forEach(command::add);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("ROWLOCK_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private TaskApiProcess awaitStart() {
    await()
        .atMost(START_LIMIT)
        .until(() -> !process.isAlive() || Files.exists(directory.resolve("ready")));
    if (!process.isAlive()) {
      var said = log();
      throw new IllegalStateException(
          "Starting task-api failed: " + said.substring(Math.max(0, said.length() - 2_000)));
    }
    port = read("port");
    managementPort = read("port-management");
    return this;
  }

  /** Returns the address of a path of the API. */
  public URI api(String path) {
    return address(port, path);
  }

  /** Returns the address of a path of the management port: health and metrics. */
  public URI management(String path) {
    return address(managementPort, path);
  }

  private static URI address(int port, String path) {
    return URI.create("http://localhost:" + port + path);
  }

  private int read(String file) {
    try {
      return Integer.parseInt(Files.readString(directory.resolve(file)).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns the output so far. */
  public String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGKILL and returns when the process has ended. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Sends SIGTERM and returns when the process has ended. */
  public void stop() {
    process.destroy();
    await().atMost(STOP_LIMIT).until(() -> !process.isAlive());
  }

  /** Starts the process again on the same ports, after {@link #kill()} or {@link #stop()}. */
  public void restart() {
    try {
      List<String> ports =
          List.of("--rowlock.api.port=" + port, "--rowlock.api.management.port=" + managementPort);
      Files.delete(directory.resolve("ready"));
      process = launch(ports);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitStart();
  }

  @Override
  public void close() {
    stop();
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs in the process. The first argument is the directory for the files with its ports. */
  public static void main(String[] arguments) throws IOException {
    exitWithParent();
    var directory = Path.of(arguments[0].substring(PORTS.length()));
    var application = new SpringApplication(TaskApiApplication.class);
    application.addListeners(new WebServerPortFileWriter(directory.resolve("port").toFile()));
    application.run(Stream.of(arguments).skip(1).toArray(String[]::new));
    Files.createFile(directory.resolve("ready"));
  }

  /**
   * Ends this process when standard input ends. It is a pipe from the parent, which writes nothing.
   */
  private static void exitWithParent() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                var end = System.in.read();
                System.exit(end);
              } catch (IOException e) {
                System.exit(1);
              }
            });
  }
}
