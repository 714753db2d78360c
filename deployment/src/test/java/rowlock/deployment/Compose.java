/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import rowlock.local.testing.TestServers;

/** Runs the compose files of the repository as a separate project on free ports. */
final class Compose implements AutoCloseable {
  static final Path ROOT = root();
  private static final String BASE = "docker-compose.yml";
  private static final String CLUSTER = "docker-compose.cluster.yml";

  private final String project = "rowlock-it-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<String> files;
  private final Map<String, String> environment = new HashMap<>();
  private final String web;
  private final String keycloak;
  private final String api;

  private Compose(List<String> files, String web, String keycloak, String api) {
    this.files = files;
    this.web = web;
    this.keycloak = keycloak;
    this.api = api;
    // ignores an operator's own file, because another stack may run on this machine
    environment.put("COMPOSE_ENV_FILES", "/dev/null");
    environment.put("ROWLOCK_INSIDE_NETWORK", "172.29.87");
    // two Keycloak nodes start slowly while other tests run
    environment.put("ROWLOCK_START_PERIOD", "30m");
  }

  /**
   * Returns one of each server. Without a Docker engine the tests are skipped with a message; with
   * {@code -Drowlock.docker=required} they fail.
   */
  static Compose single() {
    requireEngine();
    var web = TestServers.freePort();
    var keycloak = TestServers.freePort();
    var api = TestServers.freePort();
    var compose =
        new Compose(
            List.of(BASE),
            "http://localhost:" + web,
            "http://localhost:" + keycloak,
            "http://localhost:" + api);
    compose.environment.put("ROWLOCK_WEB_PORT", Integer.toString(web));
    compose.environment.put("ROWLOCK_KEYCLOAK_PORT", Integer.toString(keycloak));
    compose.environment.put("ROWLOCK_API_PORT", Integer.toString(api));
    return compose.started();
  }

  /** Returns two of each server and the proxy, whose image must be available. */
  static Compose cluster() {
    requireEngine();
    var https = TestServers.freePort();
    var compose =
        new Compose(
            List.of(BASE, CLUSTER),
            "https://tasks.localhost:" + https,
            "https://login.localhost:" + https,
            "https://api.localhost:" + https);
    compose.environment.put("ROWLOCK_HTTPS_PORT", Integer.toString(https));
    // the engine gives all clients of this machine one address
    compose.environment.put("ROWLOCK_ADDRESS_CONNECTION_RATE", "3000");
    compose.environment.put("ROWLOCK_ADDRESS_REQUEST_RATE", "20000");
    compose.requireImage("proxy");
    return compose.started();
  }

  private Compose started() {
    try {
      up("--build");
    } catch (IllegalStateException e) {
      var logs = run("logs", "--no-color", "--tail", "40");
      close();
      throw new IllegalStateException(e.getMessage() + "\n" + logs);
    }
    return this;
  }

  /** Starts all containers that do not run, and waits until they are healthy. */
  void up(String... options) {
    List<String> arguments = new ArrayList<>(List.of("up", "--wait", "--wait-timeout", "1800"));
    arguments.addAll(List.of(options));
    run(arguments.toArray(String[]::new));
  }

  /** Sets a variable for the containers that start from now on. */
  void set(String variable, String value) {
    environment.put(variable, value);
  }

  private static void requireEngine() {
    if (!succeeds("docker", "version")) {
      var message = "No Docker engine is reachable: the tests of the containers are skipped.";
      if ("required".equals(System.getProperty("rowlock.docker"))) {
        throw new IllegalStateException(message);
      }
      leaveOut(message);
    }
  }

  /** An engine without access to the registry has the images built here, but no others. */
  private void requireImage(String service) {
    var image =
        run("config", "--images")
            .lines()
            .filter(name -> name.startsWith("haproxy:"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no image of " + service));
    if (!succeeds("docker", "image", "inspect", image)
        && !succeeds("docker", "pull", "--quiet", image)) {
      leaveOut("The image " + image + " is unavailable: the tests of the cluster are skipped.");
    }
  }

  private static void leaveOut(String message) {
    System.out.println(message);
    abort(message);
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  String web(String path) {
    return web + path;
  }

  String api(String path) {
    return api + path;
  }

  String keycloak(String path) {
    return keycloak + path;
  }

  /** Runs {@code docker compose} and returns its output. */
  String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "compose", "-p", project));
    files.forEach(file -> command.addAll(List.of("-f", file)));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  /** Runs {@code docker} and returns its output. */
  String docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  /** Returns the container ids of a service, or of all services. */
  List<String> containers(String... service) {
    List<String> arguments = new ArrayList<>(List.of("ps", "--quiet"));
    arguments.addAll(List.of(service));
    return run(arguments.toArray(String[]::new)).lines().toList();
  }

  /**
   * Returns a server's response to a request from inside its container.
   *
   * @param request line and headers; more of them may follow in the same way
   * @return status line, headers, body
   */
  String inside(String container, int port, String... request) {
    var lines = String.join("\r\n", request) + "\r\nHost: localhost\r\n\r\n";
    return docker(
        "exec",
        container,
        "bash",
        "-c",
        "exec 3<>/dev/tcp/127.0.0.1/\"$1\"; printf %s \"$2\" >&3; cat <&3",
        "bash",
        Integer.toString(port),
        lines);
  }

  private String execute(List<String> command) {
    try {
      var errors = Files.createTempFile("compose", ".log");
      var builder =
          new ProcessBuilder(command).directory(ROOT.toFile()).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes());
      var code = process.waitFor();
      var said = Files.readString(errors);
      Files.delete(errors);
      if (code != 0) {
        throw new IllegalStateException(command + " failed with status " + code + ":\n" + said);
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
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(BASE))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
