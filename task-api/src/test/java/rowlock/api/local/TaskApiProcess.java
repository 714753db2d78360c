/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.local;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import rowlock.api.TaskApiApplication;

/**
 * task-api as a process of the operating system, on free ports: for tests in which several share a
 * database, or one is killed. It ends with the JVM that has started it, however that ends.
 */
public final class TaskApiProcess implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(120);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
  private static final String PORTS = "--ports=";

  private final Process process;
  private final Path directory;

  private TaskApiProcess(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /**
   * Starts one, and comes back when it answers.
   *
   * @param settings such as {@code --rowlock.issuer=...}
   * @throws IllegalStateException with the end of what it has said, if it does not start
   */
  public static TaskApiProcess start(List<String> settings) {
    return begin(settings, Map.of()).awaitStart();
  }

  /** The same with variables of the environment. */
  public static TaskApiProcess start(List<String> settings, Map<String, String> environment) {
    return begin(settings, environment).awaitStart();
  }

  /** Starts several at the same time. Close each when done. */
  public static List<TaskApiProcess> start(List<String> settings, int count) {
    List<TaskApiProcess> begun =
        Stream.generate(() -> begin(settings, Map.of())).limit(count).toList();
    return begun.stream().map(TaskApiProcess::awaitStart).toList();
  }

  private static TaskApiProcess begin(List<String> settings, Map<String, String> environment) {
    try {
      Path directory = Files.createTempDirectory("task-api");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
      command.add(TaskApiProcess.class.getName());
      command.add(PORTS + directory);
      // several applications may be on the class path, each with a file of this name
      command.add("--spring.config.location=" + ownSettings());
      command.addAll(List.of("--rowlock.api.port=0", "--rowlock.api.management.port=0"));
      command.addAll(settings.stream().filter(setting -> !command.contains(setting)).toList());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("ROWLOCK_"));
      builder.environment().putAll(environment);
      return new TaskApiProcess(builder.start(), directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TaskApiProcess awaitStart() {
    await()
        .atMost(LONGEST_START)
        .until(() -> !process.isAlive() || Files.exists(directory.resolve("ready")));
    if (!process.isAlive()) {
      String said = log();
      throw new IllegalStateException(
          "task-api has not started: " + said.substring(Math.max(0, said.length() - 2_000)));
    }
    return this;
  }

  private static String ownSettings() {
    URL place = TaskApiApplication.class.getProtectionDomain().getCodeSource().getLocation();
    return place.getPath().endsWith("/")
        ? place + "application.yaml"
        : "jar:" + place + "!/application.yaml";
  }

  /** A path of the API. */
  public URI api(String path) {
    return address("port", path);
  }

  /** A path of health and metrics. */
  public URI management(String path) {
    return address("port-management", path);
  }

  private URI address(String file, String path) {
    try {
      String port = Files.readString(directory.resolve(file)).strip();
      return URI.create("http://localhost:" + port + path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its number with the operating system. */
  public long pid() {
    return process.pid();
  }

  /** What it has said. */
  public String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    await().atMost(LONGEST_STOP).until(() -> !process.isAlive());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process itself. The first argument says where it writes its ports. */
  public static void main(String[] arguments) throws IOException {
    endWithTheParent();
    Path directory = Path.of(arguments[0].substring(PORTS.length()));
    SpringApplication application = new SpringApplication(TaskApiApplication.class);
    application.addListeners(new WebServerPortFileWriter(directory.resolve("port").toFile()));
    application.run(Stream.of(arguments).skip(1).toArray(String[]::new));
    Files.createFile(directory.resolve("ready"));
  }

  /** The parent holds the other end of the pipe, and never writes. */
  private static void endWithTheParent() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                int end = System.in.read();
                System.exit(end);
              } catch (IOException e) {
                System.exit(1);
              }
            });
  }
}
