/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import rowlock.local.system.Ports;
import rowlock.local.system.RunningServer;
import rowlock.local.system.StackFailure;
import rowlock.local.system.Waiting;

/**
 * Runs a real Keycloak server that listens on localhost only, with the command {@code start} and
 * PostgreSQL as in production. It is a child process of this JVM, or a container in tests that ask
 * for one. Thread-safe.
 */
public final class KeycloakServer implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final Duration START_LIMIT = Duration.ofMinutes(6);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private final KeycloakSettings settings;
  private final KeycloakProgram program;
  private final Path log;
  private final int port;
  private final int managementPort;
  private final int clusterPort;
  private RunningServer running;

  private KeycloakServer(KeycloakSettings settings, KeycloakProgram program, Path log) {
    this.settings = settings;
    this.program = program;
    this.log = log;
    this.port = Ports.orFree(settings.listen().port());
    this.managementPort = Ports.orFree(settings.listen().managementPort());
    this.clusterPort = Ports.free();
    this.running = launch();
  }

  /**
   * Builds the server if the cache has no build for these settings, starts it and returns when it
   * is ready.
   *
   * @throws StackFailure if it cannot start, with the reason from its log
   */
  public static KeycloakServer start(KeycloakSettings settings) {
    return start(settings, KeycloakProcess.prepare(settings));
  }

  /** Starts a server that is already prepared and returns when it is ready. */
  public static KeycloakServer start(KeycloakSettings settings, KeycloakProgram program) {
    var directory = settings.directories().directory();
    var log = directory.resolve("keycloak.log");
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
    var step = settings.progress().begin("Starting Keycloak");
    var server = new KeycloakServer(settings, program, log);
    step.done();
    return server;
  }

  /** Returns the settings that the server was started with. */
  public KeycloakSettings settings() {
    return settings;
  }

  /** Returns the base URL, {@code http://localhost:<port>}. */
  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  /** Returns the base URL of health and metrics. */
  public URI managementUrl() {
    return URI.create("http://localhost:" + managementPort);
  }

  /** Returns the issuer identifier of a realm, the claim {@code iss} of its tokens. */
  public String issuer(String realm) {
    return publicUrl() + "/realms/" + realm;
  }

  /**
   * Returns the base URL in the server's tokens and metadata: its own address, or that of the
   * cluster.
   */
  private URI publicUrl() {
    var cluster = settings.cluster();
    return cluster == null ? url() : cluster.url();
  }

  /** Returns the name of the administrator of all realms. */
  public String adminUser() {
    return ADMIN;
  }

  /**
   * Returns the administrator's password. It is well known and fit for servers on localhost only.
   */
  public String adminPassword() {
    return ADMIN;
  }

  /** Returns the file with the server's output. */
  public Path logFile() {
    return log;
  }

  /** Returns what the server has logged so far. */
  public KeycloakLog log() {
    return KeycloakLog.read(log);
  }

  /** Returns the process id of the server. It changes at {@link #restart()}. */
  public synchronized long pid() {
    return running.pid();
  }

  /** Kills the server (SIGKILL) and returns when it has ended. */
  public synchronized void kill() {
    running.kill();
  }

  /** Starts the server again on the same ports after {@link #kill()} or {@link #close()}. */
  public synchronized void restart() {
    close();
    running = launch();
  }

  /**
   * Stops the server. The first stop after a build takes some seconds longer, because the JVM then
   * writes its class archive.
   */
  @Override
  public synchronized void close() {
    running.stop(RunningServer.Signal.TERMINATE, STOP_LIMIT);
  }

  private RunningServer launch() {
    var started = program.start(options(), environment(), log);
    awaitReady(started);
    return started;
  }

  private List<String> options() {
    var options =
        new ArrayList<>(
            List.of(
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--http-management-port=" + managementPort,
                "--hostname=" + publicUrl(),
                // as in the images
                "--http-max-queued-requests=500",
                // no text of a request can begin a line of its own
                "--log-console-output=json",
                // connections are opened when they are needed
                "--db-pool-initial-size=1",
                "--db-pool-min-size=1"));
    if (settings.cluster() != null) {
      options.addAll(
          List.of(
              "--cache=ispn",
              "--cache-stack=jdbc-ping",
              "--cache-embedded-network-bind-address=127.0.0.1",
              "--cache-embedded-network-bind-port=" + clusterPort,
              // two nodes must fit into the connection limit of the database
              "--db-pool-max-size=60"));
    } else {
      options.add("--cache=local");
    }
    options.addAll(settings.spec().options());
    return options;
  }

  /**
   * Returns the secrets. They are passed in the environment, because every user can read a command
   * line.
   */
  private Map<String, String> environment() {
    var environment = new HashMap<>(settings.spec().environment());
    environment.put("KC_DB_URL", settings.database().jdbcUrl());
    environment.put("KC_DB_USERNAME", settings.database().user());
    environment.put("KC_DB_PASSWORD", settings.database().password());
    environment.put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    environment.put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
    return environment;
  }

  private void awaitReady(RunningServer started) {
    // the port opens before the start is complete; the health check is reliable
    var waitFor = new ArrayList<>(List.of(managementUrl() + "/health/ready"));
    settings.readyPaths().forEach(path -> waitFor.add(url() + path));
    // an upgrade to HTTP/2 sometimes gave a mixture of two answers
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (var address : waitFor) {
        var request = HttpRequest.newBuilder(URI.create(address)).timeout(ANSWER_LIMIT).build();
        var answer = new AtomicReference<>("nothing");
        var ready =
            Waiting.until(
                START_LIMIT,
                Duration.ofMillis(50),
                () -> !started.isAlive() || answersOk(http, request, answer));
        if (!started.isAlive()) {
          throw KeycloakLog.failure(log, "Keycloak stopped while it was starting");
        }
        if (!ready) {
          started.kill();
          throw KeycloakLog.failure(
              log,
              "Keycloak did not answer 200 at "
                  + address
                  + " within "
                  + START_LIMIT.toMinutes()
                  + " minutes, but: "
                  + answer.get());
        }
      }
    }
  }

  private static boolean answersOk(
      HttpClient http, HttpRequest request, AtomicReference<String> answer) {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      answer.set(response.statusCode() + " " + response.body().strip());
      return response.statusCode() == 200;
    } catch (IOException e) {
      answer.set(e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
