/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import rowlock.local.testing.TestServers;

/**
 * Runs the cluster's proxy as a process on this machine. Its configuration is unchanged except for
 * the addresses of the servers and its own ports.
 */
final class Haproxy implements AutoCloseable {
  /** The three servers behind the proxy. */
  enum Server {
    KEYCLOAK(8080, 9000),
    API(8081, 8082),
    WEB(8000, 8001);

    private final int port;
    private final int managementPort;

    Server(int port, int managementPort) {
      this.port = port;
      this.managementPort = managementPort;
    }

    /** Returns the server's line in the configuration. */
    private String template() {
      var name = lowerCase();
      return "server-template %s 8 %s-node:%d port %d".formatted(name, name, port, managementPort);
    }

    private String lowerCase() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Contains the ports of a server on 127.0.0.1. */
  record Place(int port, int managementPort) {}

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;
  private final int port;
  private final int statusPort;

  private Haproxy(Process process, Path log, int port, int statusPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.statusPort = statusPort;
  }

  /**
   * Starts the proxy in front of these servers, and trusts its certificate from then on. Without
   * HAProxy on this machine the tests are skipped with a message.
   *
   * @param limits variables that replace the defaults of the compose file
   */
  static Haproxy start(Path folder, Map<Server, Place> servers, Map<String, String> limits)
      throws Exception {
    requireProgram();
    var port = TestServers.freePort();
    var statusPort = TestServers.freePort();
    var files = new SecretFiles(folder);
    new Certificates(files, Clock.systemUTC())
        .make(new TreeSet<>(List.of("login.localhost", "tasks.localhost", "api.localhost")));
    Http.trust(files.read(Certificates.AUTHORITY));
    var certificate = folder.resolve("proxy").resolve(Certificates.CERTIFICATE.file());

    var text = Files.readString(Compose.ROOT.resolve("deployment/proxy/haproxy.cfg"));
    text = replace(text, "bind :8443", "bind 127.0.0.1:" + port);
    text = replace(text, "bind :8404", "bind 127.0.0.1:" + statusPort);
    text = replace(text, "/run/secrets/tls.pem", certificate.toString());
    text = replace(text, " resolvers docker init-addr none", "");
    for (var server : servers.entrySet()) {
      text =
          replace(
              text,
              server.getKey().template(),
              "server %s 127.0.0.1:%d port %d"
                  .formatted(
                      server.getKey().lowerCase(),
                      server.getValue().port(),
                      server.getValue().managementPort()));
    }
    for (var server : Server.values()) {
      text =
          replace(
              text,
              "bind \"${ROWLOCK_PROXY_ADDRESS}:" + server.port + "\"",
              "bind 127.0.0.1:" + TestServers.freePort());
    }
    var configuration = Files.writeString(folder.resolve("haproxy.cfg"), text);
    var log = folder.resolve("haproxy.log");
    var builder =
        new ProcessBuilder("haproxy", "-db", "-f", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "ROWLOCK_WEB_URL", "https://tasks.localhost:" + port,
                "ROWLOCK_KEYCLOAK_URL", "https://login.localhost:" + port,
                "ROWLOCK_API_PUBLIC_URL", "https://api.localhost:" + port,
                "ROWLOCK_ADMIN_FROM", "",
                "ROWLOCK_ADDRESS_CONNECTIONS", "100",
                "ROWLOCK_ADDRESS_CONNECTION_RATE", "300",
                "ROWLOCK_ADDRESS_REQUEST_RATE", "1000"));
    builder.environment().putAll(limits);
    var proxy = new Haproxy(builder.start(), log, port, statusPort);
    proxy.awaitReady();
    return proxy;
  }

  private static String replace(String text, String part, String replacement) {
    if (!text.contains(part)) {
      throw new IllegalStateException("haproxy.cfg has no " + part);
    }
    return text.replace(part, replacement);
  }

  private static void requireProgram() throws InterruptedException {
    try {
      new ProcessBuilder("haproxy", "-v")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      var message = "HAProxy is missing: the tests of the proxy's limits are skipped.";
      System.out.println(message);
      abort(message);
    }
  }

  private void awaitReady() throws Exception {
    var end = System.nanoTime() + START_LIMIT.toNanos();
    var ready = URI.create("http://127.0.0.1:" + statusPort + "/ready");
    while (true) {
      try {
        if (Http.send(HttpRequest.newBuilder(ready)).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // tried again below
      }
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IllegalStateException("HAProxy is not ready:\n" + Files.readString(log));
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  int port() {
    return port;
  }

  /**
   * Returns an address below one of the three names {@code login}, {@code tasks} and {@code api}.
   */
  URI at(String name, String path) {
    return URI.create("https://" + name + ".localhost:" + port + path);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
