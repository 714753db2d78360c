/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.api.test.PgBouncer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;

/**
 * Runs Keycloak with the extension behind PgBouncer in transaction mode, as the production guide
 * configures it.
 */
@Tag("thorough")
class PgBouncerKeycloakIT {
  private static final int USERS = 3;
  private static final int REFRESHES = 10;

  @Test
  void loginsRefreshesAndLogoutsWork_underLoad() throws Exception {
    try (var postgres = TestServers.newKeycloakPostgres(TestProduct.keycloakSpec());
        var pooler = PgBouncer.start(postgres, 5);
        var keycloak =
            TestServers.newKeycloak(
                behind(pooler.jdbcUrl("keycloak") + "?prepareThreshold=0"), postgres);
        var rowlock = Rowlock.on(keycloak, TestServers.postgres());
        var users = Executors.newVirtualThreadPerTaskExecutor()) {
      rowlock.receiveEventsAt(rowlock.api("/events"));
      List<Future<Person>> people = new ArrayList<>();
      for (var i = 0; i < USERS; i++) {
        var person = rowlock.newPerson();
        var elsewhere =
            new Person(
                rowlock,
                person.email(),
                rowlock.signIn().login(person.email(), TestProduct.PASSWORD));
        people.add(users.submit(() -> refreshed(rowlock, person)));
        people.add(users.submit(() -> refreshed(rowlock, elsewhere)));
      }
      for (var each : people) {
        var person = each.get();
        assertThat(person.get("/api/me/tasks").status()).isEqualTo(200);
        rowlock.signIn().logout(person.tokens().refreshToken());
        assertThat(person.get("/api/me/tasks").status()).as("after logout").isEqualTo(401);
      }
      assertThat(Files.readString(keycloak.logFile())).doesNotContain("prepared statement");
    }
  }

  private static KeycloakSpec behind(String url) {
    var options = TestProduct.keycloakSpec().options().stream();
    return TestProduct.keycloakSpec()
        .withOptions(Stream.concat(options, Stream.of("--db-url=" + url)).toArray(String[]::new));
  }

  private static Person refreshed(Rowlock rowlock, Person person) {
    var tokens = person.tokens();
    for (var i = 0; i < REFRESHES; i++) {
      tokens = rowlock.signIn().refresh(tokens.requireRefreshToken());
    }
    return new Person(rowlock, person.email(), tokens);
  }
}
