/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The compose file at the root of the repository, as a project of its own on free ports. */
final class Compose implements AutoCloseable {

  private final String project = "rowlock-it-" + UUID.randomUUID().toString().substring(0, 8);
  private final Path root = root();
  private final int web = freePort();
  private final int keycloak = freePort();
  private final int api = freePort();

  /**
   * Where there is no engine, the tests are left out and say so; with {@code
   * -Drowlock.docker=required} they fail.
   */
  static Compose start() {
    requireEngine();
    Compose compose = new Compose();
    try {
      compose.run("up", "--build", "--wait", "--wait-timeout", "600");
    } catch (IllegalStateException failed) {
      String logs = compose.run("logs", "--no-color", "--tail", "40");
      compose.close();
      throw new IllegalStateException(failed.getMessage() + "\n" + logs);
    }
    return compose;
  }

  private static void requireEngine() {
    boolean there;
    try {
      Process version =
          new ProcessBuilder("docker", "version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      there = version.waitFor() == 0;
    } catch (IOException none) {
      there = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      there = false;
    }
    if (!there) {
      String message = "No Docker engine: the tests of the containers are left out.";
      if ("required".equals(System.getProperty("rowlock.docker"))) {
        throw new IllegalStateException(message);
      }
      System.out.println(message);
      abort(message);
    }
  }

  String web(String path) {
    return "http://localhost:" + web + path;
  }

  String api(String path) {
    return "http://localhost:" + api + path;
  }

  String keycloak(String path) {
    return "http://localhost:" + keycloak + path;
  }

  /** Runs {@code docker compose} and returns what it prints. */
  String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "compose", "--project-name", project));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  /** Runs {@code docker} and returns what it prints. */
  String docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  private String execute(List<String> command) {
    try {
      Path errors = Files.createTempFile("compose", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(root.toFile()).redirectError(errors.toFile());
      builder.environment().put("ROWLOCK_WEB_PORT", Integer.toString(web));
      builder.environment().put("ROWLOCK_KEYCLOAK_PORT", Integer.toString(keycloak));
      builder.environment().put("ROWLOCK_API_PORT", Integer.toString(api));
      // an operator's own file is not what is tested
      builder.environment().put("COMPOSE_ENV_FILES", "/dev/null");
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes());
      int code = process.waitFor();
      String said = Files.readString(errors);
      Files.delete(errors);
      if (code != 0) {
        throw new IllegalStateException(command + " ended with " + code + ":\n" + said);
      }
      return output.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("down", "--volumes", "--remove-orphans", "--timeout", "5");
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docker-compose.yml"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
