/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.api.settings.ServerSettings;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.product.Applications;
import rowlock.product.TestProduct;
import rowlock.task.TaskApiApplication;

/**
 * Runs the whole product on free ports: Keycloak with the extension jar and the realm, and task-api
 * with its own database.
 */
final class Rowlock implements AutoCloseable {
  private final KeycloakServer keycloak;
  private final ConfigurableApplicationContext api;
  private final List<String> settings;

  private Rowlock(KeycloakServer keycloak, List<String> settings, Class<?>... more) {
    var application = new SpringApplication(TaskApiApplication.class, StepUpController.class);
    application.addPrimarySources(List.of(more));
    this.keycloak = keycloak;
    this.settings = settings;
    this.api =
        application.run(
            Stream.concat(
                    settings.stream(),
                    Stream.of(Applications.ownSettings(TaskApiApplication.class)))
                .toArray(String[]::new));
  }

  /** Returns the product on the Keycloak and the PostgreSQL that all tests share. */
  static Rowlock shared() {
    return Shared.ROWLOCK;
  }

  /**
   * Starts task-api with servers that the test may kill.
   *
   * @param more configuration classes of the test, which replace beans
   */
  static Rowlock on(KeycloakServer keycloak, PostgresServer postgres, Class<?>... more) {
    return new Rowlock(keycloak, TestProduct.apiSettings(keycloak, postgres), more);
  }

  /** Starts another instance of task-api on the same database. Close it when done. */
  Rowlock replica(String... more) {
    return new Rowlock(keycloak, Stream.concat(settings.stream(), Arrays.stream(more)).toList());
  }

  /**
   * Makes Keycloak send events to this address. Keycloak authenticates polling requests with the
   * keys of this instance.
   */
  void receiveEventsAt(URI address) {
    TestProduct.sendEventsTo(keycloak, address.toString(), api("/.well-known/jwks.json"));
  }

  /** Returns access to the database that is not subject to row security. */
  JdbcTemplate database() {
    return new JdbcTemplate(
        new DriverManagerDataSource(
            setting("db.url"), setting("db.migration.user"), setting("db.migration.password")));
  }

  private String setting(String name) {
    return api.getEnvironment().getRequiredProperty("rowlock." + name);
  }

  KeycloakServer keycloak() {
    return keycloak;
  }

  /** Returns the address of a path of the API. */
  URI api(String path) {
    return URI.create("http://localhost:" + port("local.server.port") + path);
  }

  /**
   * Returns the public address of a path, the {@code htu} of a DPoP proof. It does not depend on
   * the port.
   */
  URI publicUrl(String path) {
    return URI.create(api.getBean(ServerSettings.class).publicUrl() + path);
  }

  /** Returns the address of a path of the management port. */
  URI management(String path) {
    return URI.create("http://localhost:" + port("local.management.port") + path);
  }

  /** Returns the login flow of the command-line client. */
  AuthorizationCodeFlow signIn() {
    return TestProduct.signIn(keycloak);
  }

  /** Registers a new user. */
  Person newPerson() {
    var email = "p" + UUID.randomUUID() + "@example.org";
    return new Person(this, email, signIn().register(email, TestProduct.PASSWORD, "", ""));
  }

  @Override
  public void close() {
    api.close();
  }

  private String port(String property) {
    return api.getEnvironment().getRequiredProperty(property);
  }

  private static final class Shared {
    static final Rowlock ROWLOCK =
        on(TestServers.keycloak(TestProduct.keycloakSpec()), TestServers.postgres());
  }
}
