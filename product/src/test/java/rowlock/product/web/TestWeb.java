/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.BrowserSession;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.product.Applications;
import rowlock.product.Product;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The whole product on free ports: Keycloak with extension and realm, task-api, and one or more
 * nodes of task-web with the same public URL.
 */
public final class TestWeb implements AutoCloseable {
  /**
   * Name of the realm; tests of other packages use the realm {@code rowlock} of the same server.
   */
  static final String REALM_NAME = "rowlock-web";

  /** Path of the realm in the admin API. */
  public static final String REALM = "/realms/" + REALM_NAME;

  static final String DATABASE_PASSWORD = "a password of the test";

  private final KeycloakServer keycloak;
  private final PostgresServer postgres;
  private final String tasks = name("tasks");
  private final String sessions = name("sessions");
  private final int apiPort;
  private final URI address;
  private final Path clientKey;
  private final String sessionKey;
  private final AtomicReference<ConfigurableApplicationContext> api = new AtomicReference<>();
  private final List<String> apiSettings;
  private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

  private TestWeb(KeycloakServer keycloak, PostgresServer postgres, int webPort, int apiPort) {
    this.keycloak = keycloak;
    this.postgres = postgres;
    this.apiPort = apiPort;
    this.address = URI.create("http://localhost:" + webPort);
    this.clientKey = newClientKey();
    this.sessionKey = newSessionKey();
    admin().post("/realms", realm(webPort, apiPort));
    postgres.createDatabase(tasks);
    postgres.createDatabase(sessions);
    this.apiSettings =
        List.of(
            "--rowlock.issuer=" + keycloak.issuer(REALM_NAME),
            "--rowlock.db.url=" + postgres.jdbcUrl(tasks),
            "--rowlock.db.user=" + tasks,
            "--rowlock.db.password=" + DATABASE_PASSWORD,
            "--rowlock.db.migration.user=" + postgres.superuser(),
            "--rowlock.db.migration.password=" + postgres.superuserPassword(),
            "--rowlock.api.port=" + apiPort,
            "--rowlock.api.management.port=0");
    startApi();
    nodes.add(startFirstNode(webPort));
  }

  /** Returns the product on the Keycloak and the PostgreSQL that all tests share. */
  public static TestWeb shared() {
    return Shared.WEB;
  }

  /** Starts the product with its own Keycloak and PostgreSQL, which the test may kill. */
  public static TestWeb isolated() {
    var web = freePort();
    var api = freePort();
    return new TestWeb(
        TestServers.newKeycloak(TestProduct.keycloakSpec()), TestServers.newPostgres(), web, api);
  }

  /** Returns the product's realm under another name, for services on these ports. */
  private static String realm(int web, int api) {
    var json = Product.realm("http://localhost:" + web, "http://localhost:" + api).json();
    var realm = (ObjectNode) JsonMapper.shared().readTree(inOtherRealm(json));
    return realm.put("realm", REALM_NAME).toString();
  }

  private static String inOtherRealm(String json) {
    return json.replace("/realms/" + Realm.NAME + "/", REALM + "/");
  }

  /** Returns the public URL. */
  public URI address() {
    return address;
  }

  /** Returns the public URL of a path. */
  public URI at(String path) {
    return URI.create(address + path);
  }

  public KeycloakServer keycloak() {
    return keycloak;
  }

  /** Returns the issuer of task-web's tokens. */
  public String issuer() {
    return keycloak.issuer(REALM_NAME);
  }

  public PostgresServer postgres() {
    return postgres;
  }

  /** Returns the name of task-api's database and of its login. */
  String tasks() {
    return tasks;
  }

  /** Returns the name of task-web's database and of its login. */
  String sessions() {
    return sessions;
  }

  /** Returns the application context of the newest node. */
  public ConfigurableApplicationContext newestNode() {
    return nodes.getLast();
  }

  /** Sets the address of back-channel logouts; an empty address restores that of the first node. */
  public void sendLogoutTokensTo(String address) {
    var client = admin().get(REALM + "/clients?clientId=task-web").get(0);
    var changed = (ObjectNode) client.deepCopy();
    ((ObjectNode) changed.get("attributes"))
        .put(
            "backchannel.logout.url",
            address.isEmpty() ? at("/logout/connect/back-channel/rowlock").toString() : address);
    admin().put(REALM + "/clients/" + client.get("id").asString(), changed.toString());
  }

  public AdminApi admin() {
    return new AdminApi(keycloak);
  }

  /** Returns the application context of the first node. */
  public ConfigurableApplicationContext node() {
    return nodes.getFirst();
  }

  /**
   * Starts another node with the same public URL.
   *
   * @param overrides settings that replace those of the first node
   * @return the node's own address
   */
  public URI startNode(String... overrides) {
    var port = freePort();
    List<String> settings = new ArrayList<>(settings(port));
    for (var setting : overrides) {
      settings.removeIf(one -> one.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
      settings.add(setting);
    }
    nodes.add(Applications.taskWeb(settings));
    return URI.create("http://localhost:" + port);
  }

  /**
   * Sets the lifetime of task-web's access tokens.
   *
   * @param seconds lifetime; 0 restores that of the realm
   */
  public void setAccessTokenLifetime(int seconds) {
    var client = admin().get(REALM + "/clients?clientId=task-web").get(0);
    var changed = (ObjectNode) client.deepCopy();
    ((ObjectNode) changed.get("attributes"))
        .put("access.token.lifespan", seconds == 0 ? "" : String.valueOf(seconds));
    admin().put(REALM + "/clients/" + client.get("id").asString(), changed.toString());
  }

  /** Returns Keycloak's count of refreshes by task-web, with any outcome. */
  public long refreshesAtKeycloak() {
    return Visitor.http(
            HttpRequest.newBuilder(keycloak.managementUrl().resolve("/metrics")).build())
        .body()
        .lines()
        .filter(line -> line.startsWith("rowlock_refresh_total{") && line.contains("task-web"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Returns a client of the session database with superuser rights. */
  public JdbcClient database() {
    return JdbcClient.create(
        new DriverManagerDataSource(
            postgres.jdbcUrl(sessions), postgres.superuser(), postgres.superuserPassword()));
  }

  public void startApi() {
    api.set(Applications.taskApi(apiSettings));
  }

  public void stopApi() {
    api.get().close();
  }

  /** Returns a visitor with a new browser. */
  public Visitor visitor() {
    return new Visitor(this, new BrowserSession());
  }

  /** Returns a visitor whose browser does not follow the redirect from Keycloak to the callback. */
  public Visitor visitorStoppingAtCallback() {
    return new Visitor(this, new BrowserSession(at("/login/oauth2/code/rowlock")));
  }

  /** Returns the settings of a node on this port. */
  public List<String> settings(int port) {
    return List.of(
        "--rowlock.issuer=" + keycloak.issuer(REALM_NAME),
        "--rowlock.web.port=" + port,
        "--rowlock.web.management.port=0",
        "--rowlock.web.url=" + address,
        "--rowlock.api.url=http://localhost:" + apiPort,
        "--rowlock.web.client.key.file=" + clientKey,
        "--rowlock.web.session.key=" + sessionKey,
        "--rowlock.web.db.url=" + postgres.jdbcUrl(sessions),
        "--rowlock.web.db.user=" + sessions,
        "--rowlock.web.db.password=" + DATABASE_PASSWORD,
        "--rowlock.web.db.migration.user=" + postgres.superuser(),
        "--rowlock.web.db.migration.password=" + postgres.superuserPassword());
  }

  private ConfigurableApplicationContext startFirstNode(int port) {
    return Applications.taskWeb(settings(port));
  }

  @Override
  public void close() {
    nodes.forEach(ConfigurableApplicationContext::close);
    stopApi();
    keycloak.close();
    postgres.close();
  }

  /** Returns a free port. */
  public static int freePort() {
    return TestServers.freePort();
  }

  private static String name(String kind) {
    return kind + "_" + UUID.randomUUID().toString().replace("-", "");
  }

  private static Path newClientKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      var file = Files.createTempFile("task-web", ".pem");
      file.toFile().deleteOnExit();
      return Files.writeString(
          file,
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder().encodeToString(key)
              + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns thirty-two random bytes in Base64. */
  public static String newSessionKey() {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  private static final class Shared {
    static final TestWeb WEB = start();

    private static TestWeb start() {
      var web = freePort();
      var api = freePort();
      return new TestWeb(
          TestServers.keycloak(TestProduct.keycloakSpec()), TestServers.postgres(), web, api);
    }
  }
}
