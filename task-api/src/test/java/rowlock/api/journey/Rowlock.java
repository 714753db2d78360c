/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.api.ProbeController;
import rowlock.api.TaskApiApplication;
import rowlock.api.local.Product;
import rowlock.api.settings.ServerSettings;
import rowlock.api.token.TestIssuer;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.realm.Realm;

/**
 * The whole product on free ports: Keycloak with the extension jar and the realm, and task-api on a
 * database of its own.
 */
final class Rowlock implements AutoCloseable {

  /** Good enough for the realm's password policy. */
  static final String PASSWORD = "violet-anchor-kettle-42";

  private final KeycloakServer keycloak;
  private final ConfigurableApplicationContext api;
  private final List<String> settings;

  private Rowlock(KeycloakServer keycloak, List<String> settings, Class<?>... more) {
    SpringApplication application =
        new SpringApplication(TaskApiApplication.class, ProbeController.class);
    application.addPrimarySources(List.of(more));
    this.keycloak = keycloak;
    this.settings = settings;
    this.api = application.run(settings.toArray(String[]::new));
  }

  /** On the Keycloak and the PostgreSQL that all tests share. */
  static Rowlock shared() {
    return Shared.ROWLOCK;
  }

  /**
   * task-api, in front of servers that the test may kill.
   *
   * @param more beans that the test wants to be otherwise
   */
  static Rowlock on(KeycloakServer keycloak, PostgresServer postgres, Class<?>... more) {
    return new Rowlock(keycloak, settings(keycloak, postgres), more);
  }

  /** What task-api needs to be told, with a database of its own. */
  static List<String> settings(KeycloakServer keycloak, PostgresServer postgres) {
    String database = "tasks_" + UUID.randomUUID().toString().replace("-", "");
    postgres.createDatabase(database);
    return List.of(
        "--rowlock.issuer=" + keycloak.issuer(Realm.NAME),
        "--rowlock.db.url=" + postgres.jdbcUrl(database),
        "--rowlock.db.user=" + database + "_app",
        "--rowlock.db.password=" + UUID.randomUUID(),
        "--rowlock.db.migration.user=" + postgres.superuser(),
        "--rowlock.db.migration.password=" + postgres.superuserPassword(),
        "--rowlock.client.key.file=" + Wanted.KEY,
        "--rowlock.api.port=0",
        "--rowlock.api.management.port=0");
  }

  /** Another process of task-api on the same database. Close it when done. */
  Rowlock replica(String... more) {
    return new Rowlock(keycloak, Stream.concat(settings.stream(), Arrays.stream(more)).toList());
  }

  /**
   * From now on Keycloak tells of what has ended at this address, and knows by the keys that this
   * process publishes who asks for it.
   */
  void isToldAt(URI address) {
    isToldAt(keycloak, address.toString(), api("/.well-known/jwks.json"));
  }

  /**
   * The same of another process.
   *
   * @param address empty: it is told nothing
   * @param keys where it publishes its keys
   */
  static void isToldAt(KeycloakServer keycloak, String address, URI keys) {
    AdminApi admin = new AdminApi(keycloak);
    String clients = "/realms/" + Realm.NAME + "/clients";
    String id = admin.get(clients + "?clientId=task-api").path(0).path("id").asString();
    admin.put(
        clients + "/" + id,
        """
        {"clientId": "task-api", "attributes": {
          "rowlock.events.push.url": "%s", "use.jwks.url": "true", "jwks.url": "%s"}}
        """
            .formatted(address, keys));
  }

  /** The database past all row security. */
  JdbcTemplate database() {
    return new JdbcTemplate(
        new DriverManagerDataSource(
            setting("db.url"), setting("db.migration.user"), setting("db.migration.password")));
  }

  private String setting(String name) {
    return api.getEnvironment().getRequiredProperty("rowlock." + name);
  }

  /** What Keycloak needs for the realm: the extension as built, the realm as rendered. */
  static KeycloakSpec keycloaks() {
    return Wanted.KEYCLOAKS;
  }

  KeycloakServer keycloak() {
    return keycloak;
  }

  /** A path of the API. */
  URI api(String path) {
    return URI.create("http://localhost:" + port("local.server.port") + path);
  }

  /** The same as clients know it, whatever the port is: what a proof of possession names. */
  URI publicUrl(String path) {
    return URI.create(api.getBean(ServerSettings.class).publicUrl() + path);
  }

  /** A path of health and metrics. */
  URI management(String path) {
    return URI.create("http://localhost:" + port("local.management.port") + path);
  }

  /** How a person signs in for the command line. */
  AuthorizationCodeFlow signIn() {
    return signIn(keycloak);
  }

  /** How a person signs in for the command line there. */
  static AuthorizationCodeFlow signIn(KeycloakServer keycloak) {
    return new AuthorizationCodeFlow(keycloak.issuer(Realm.NAME), "task-cli")
        .withMail(TestServers.mail().mailbox());
  }

  /** A person who has just registered. */
  Person newPerson() {
    String email = "p" + UUID.randomUUID() + "@example.org";
    return new Person(this, email, signIn().register(email, PASSWORD, "", ""));
  }

  @Override
  public void close() {
    api.close();
  }

  private String port(String property) {
    return api.getEnvironment().getRequiredProperty(property);
  }

  private static final class Shared {
    static final Rowlock ROWLOCK = on(TestServers.keycloak(keycloaks()), TestServers.postgres());
  }

  private static final class Wanted {
    /** That all processes of task-api prove themselves with. */
    static final Path KEY = key();

    static final KeycloakSpec KEYCLOAKS =
        Product.keycloak(
            Product.realm(
                "http://localhost:8000", "http://localhost:8081", TestServers.mail().port(), true),
            temporaryFile());

    private static Path key() {
      try {
        Path file = Files.createTempFile("rowlock-client", ".jwk");
        file.toFile().deleteOnExit();
        return Files.writeString(file, TestIssuer.newKey("task-api").toJSONString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path temporaryFile() {
      try {
        Path file = Files.createTempFile("rowlock-realm", ".json");
        file.toFile().deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
