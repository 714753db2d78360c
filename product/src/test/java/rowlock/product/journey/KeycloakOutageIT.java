/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;

/** Kills Keycloak: valid tokens keep working, all others are rejected, also after the restart. */
class KeycloakOutageIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @FieldReport("https://github.com/keycloak/keycloak/issues/31296")
  @Test
  void outage_validTokensAccepted_revokedAndForgedRejected() {
    var keycloak = TestServers.keycloak(TestProduct.keycloakSpec());
    try (var rowlock = Rowlock.on(keycloak, TestServers.postgres())) {
      rowlock.receiveEventsAt(rowlock.api("/events"));
      var person = rowlock.newPerson();
      assertThat(person.get("/api/me/tasks").status()).isEqualTo(200);
      var revoked = rowlock.newPerson();
      rowlock.signIn().revoke(revoked.tokens().accessToken());
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(revoked.get("/api/me/tasks").status()).isEqualTo(401));

      keycloak.kill();
      try {
        for (var request = 0; request < 50; request++) {
          assertThat(person.send("POST", "/api/me/tasks", "{\"title\":\"offline\"}").status())
              .isEqualTo(201);
        }
        var forged = person.tokens().accessToken().replaceFirst("^[^.]+", "eyJhbGciOiJub25lIn0");
        assertThat(Person.send(rowlock, "Bearer " + forged, "GET", "/api/me/tasks", null).status())
            .isEqualTo(401);
        assertThat(revoked.get("/api/me/tasks").status()).isEqualTo(401);
        assertThat(readiness(rowlock)).as("the API itself is able to serve").isEqualTo(200);
      } finally {
        keycloak.restart(); // other tests share it
      }

      assertThat(revoked.get("/api/me/tasks").status()).isEqualTo(401);
      var newcomer = rowlock.newPerson();
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(newcomer.get("/api/me/tasks").status()).isEqualTo(200));
      assertThat(revoked.get("/api/me/tasks").status()).isEqualTo(401);
    }
  }

  private static int readiness(Rowlock rowlock) {
    return Person.send(
            HttpRequest.newBuilder(rowlock.management("/actuator/health/readiness")).build())
        .status();
  }
}
