/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.realm.Realm;

/** Starts the product on the servers of {@link TestServers}, for tests and benchmarks. */
public final class TestProduct {
  /** A password that satisfies the realm's policy. */
  public static final String PASSWORD = "violet-anchor-kettle-42";

  private TestProduct() {}

  /**
   * Returns the specification of a Keycloak with the extension as built and the realm as rendered.
   */
  public static KeycloakSpec keycloakSpec() {
    return Prepared.KEYCLOAKS;
  }

  /** Creates a database and returns the settings of a task-api on it, with free ports. */
  public static List<String> apiSettings(KeycloakServer keycloak, PostgresServer postgres) {
    var database = "tasks_" + UUID.randomUUID().toString().replace("-", "");
    postgres.createDatabase(database);
    return List.of(
        "--rowlock.issuer=" + keycloak.issuer(Realm.NAME),
        "--rowlock.db.url=" + postgres.jdbcUrl(database),
        "--rowlock.db.user=" + database + "_app",
        "--rowlock.db.password=" + UUID.randomUUID(),
        "--rowlock.db.migration.user=" + postgres.superuser(),
        "--rowlock.db.migration.password=" + postgres.superuserPassword(),
        "--rowlock.client.key.file=" + Prepared.KEY,
        "--rowlock.api.port=0",
        "--rowlock.api.management.port=0");
  }

  /**
   * Registers a receiver of security events for the client task-api.
   *
   * @param address that Keycloak sends events to; empty for none
   * @param keys address of the receiver's public keys
   */
  public static void sendEventsTo(KeycloakServer keycloak, String address, URI keys) {
    var admin = new AdminApi(keycloak);
    var clients = "/realms/" + Realm.NAME + "/clients";
    var id = admin.get(clients + "?clientId=task-api").path(0).path("id").asString();
    admin.put(
        clients + "/" + id,
        """
        {"clientId": "task-api", "attributes": {
          "rowlock.events.push.url": "%s", "use.jwks.url": "true", "jwks.url": "%s"}}
        """
            .formatted(address, keys));
  }

  /** Returns the login flow of the command-line client. */
  public static AuthorizationCodeFlow signIn(KeycloakServer keycloak) {
    return new AuthorizationCodeFlow(keycloak.issuer(Realm.NAME), "task-cli")
        .withMail(TestServers.mail().mailbox());
  }

  private static final class Prepared {
    /** Client key that all processes of task-api share. */
    static final Path KEY = key();

    static final KeycloakSpec KEYCLOAKS =
        Product.keycloak(
            Product.realm(
                "http://localhost:8000", "http://localhost:8081", TestServers.mail().port(), true),
            temporaryFile("rowlock-realm", ".json"));

    private static Path key() {
      try {
        return Files.writeString(
            temporaryFile("rowlock-client", ".jwk"),
            new RSAKeyGenerator(2048)
                .keyID("task-api")
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.PS256)
                .generate()
                .toJSONString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Path temporaryFile(String name, String ending) {
      try {
        var file = Files.createTempFile(name, ending);
        file.toFile().deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
