/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;
import rowlock.product.TaskApiProcess;

/**
 * Checks TLS between servers with the variables of the Kubernetes manifest. Both ports use TLS, a
 * renewed certificate is used without a restart, and only our own authority is trusted for the
 * issuer.
 */
class InternalTlsIT {
  private static final Path MANIFEST = Path.of("../deployment/kubernetes/base/task-api.yaml");

  private static final Duration LONG = Duration.ofSeconds(60);

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final RSAKey key = TestIssuer.newKey("key-1");
  private final TestIssuer issuer = new TestIssuer().publish(key);
  private @TempDir Path folder;
  private CertificateAuthority authority;
  private HttpsServer keys;

  @BeforeEach
  void startIssuer() throws Exception {
    authority = new CertificateAuthority(folder.resolve("authority"));
    authority.issue("first", folder);
    keys = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keys.setHttpsConfigurator(
        new HttpsConfigurator(authority.server("first")) {
          @Override
          public void configure(HttpsParameters parameters) {
            connections.incrementAndGet();
            super.configure(parameters);
          }
        });
    var document = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    keys.createContext(
        "/certs",
        exchange -> {
          requests.incrementAndGet();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, document.length);
          exchange.getResponseBody().write(document);
          exchange.close();
        });
    keys.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    keys.start();
  }

  @AfterEach
  void stop() {
    keys.stop(0);
    issuer.close();
  }

  @Test
  void bothPorts_renewedCertificate_isUsedWithoutRestart() throws Exception {
    var token = issuer.token(key, UUID.randomUUID());
    try (var api = TaskApiProcess.start(settings(), environment(folder))) {
      var tasks = secure(api.api("/api/me/tasks"));
      var readiness = secure(api.management("/actuator/health/readiness"));
      // ready only with the issuer's keys, which were fetched with TLS
      await().atMost(LONG).until(() -> status(readiness, "") == 200);
      assertThat(status(tasks, token)).isEqualTo(200);
      for (var plain :
          List.of(api.api("/problems/not-found"), api.management("/actuator/health/readiness"))) {
        assertThat(statusOfPlain(plain)).as("no plain http").isNotEqualTo(200);
      }
      var before = serial(tasks);

      authority.issue("second", folder);

      await()
          .atMost(LONG)
          .until(() -> !serial(tasks).equals(before) && !serial(readiness).equals(before));
      assertThat(status(tasks, token)).isEqualTo(200);
    }
  }

  @Test
  void anIssuerOfAnotherCertificateAuthorityIsNotBelieved() throws Exception {
    var other = Files.createDirectory(folder.resolve("other"));
    var stranger = new CertificateAuthority(other.resolve("authority"));
    stranger.issue("first", other);
    try (var api = TaskApiProcess.start(settings(), environment(other))) {
      var readiness = secure(api.management("/actuator/health/readiness"));
      await().atMost(LONG).until(() -> connections.get() > 2);
      assertThat(requests).hasValue(0);
      assertThat(status(stranger.client(), readiness, "")).isEqualTo(503);
    }
  }

  private List<String> settings() {
    var postgres = TestServers.postgres();
    var database = "tls_" + UUID.randomUUID().toString().replace("-", "");
    postgres.createDatabase(database);
    return List.of(
        "--rowlock.issuer=" + issuer.url(),
        "--rowlock.jwks.uri=https://localhost:" + keys.getAddress().getPort() + "/certs",
        "--rowlock.db.url=" + postgres.jdbcUrl(database),
        "--rowlock.db.user=" + database,
        "--rowlock.db.password=a password of the test",
        "--rowlock.db.migration.user=" + postgres.superuser(),
        "--rowlock.db.migration.password=" + postgres.superuserPassword());
  }

  /**
   * Returns the platform's variables of the manifest, with files of the test in place of the pod's.
   */
  private static Map<String, String> environment(Path tls) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (var document : new Yaml().loadAll(Files.readString(MANIFEST))) {
      var manifest = (Map<?, ?>) document;
      if ("Deployment".equals(manifest.get("kind"))) {
        var containers = (List<?>) at(manifest, "spec", "template", "spec", "containers");
        for (var variable : (List<?>) at((Map<?, ?>) containers.getFirst(), "env")) {
          var name = (String) at((Map<?, ?>) variable, "name");
          if (name.contains("SSL") || name.startsWith("JDK_")) {
            var value = (String) at((Map<?, ?>) variable, "value");
            environment.put(name, value.replace("/run/tls", tls.toString()));
          }
        }
      }
    }
    assertThat(environment).hasSize(5);
    return environment;
  }

  private static Object at(Map<?, ?> map, String... path) {
    Object here = map;
    for (var step : path) {
      here = ((Map<?, ?>) here).get(step);
    }
    return here;
  }

  private static URI secure(URI plain) {
    return URI.create(plain.toString().replace("http:", "https:"));
  }

  private int status(URI address, String token) throws IOException, InterruptedException {
    return status(authority.client(), address, token);
  }

  private static int statusOfPlain(URI address) throws InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return status(client, address, "");
    } catch (IOException e) {
      return -1;
    }
  }

  private static int status(HttpClient client, URI address, String token)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  /** Returns the serial number of the certificate that the server sends to a new client. */
  private String serial(URI address) throws Exception {
    var answer =
        authority.client().send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding());
    var shown = answer.sslSession().orElseThrow().getPeerCertificates()[0];
    return ((X509Certificate) shown).getSerialNumber().toString();
  }
}
