/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import rowlock.api.token.FrequentKeyFetch;
import rowlock.api.token.KeyFetchOnDemand;
import rowlock.field.FieldReport;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;

/**
 * Checks that a new signing key of the realm fails no request of users who sign in, refresh and
 * work, and that tokens of a removed key are rejected.
 */
class KeyRotationIT {
  private static final Pattern FETCHES =
      Pattern.compile("rowlock_issuer_keys_fetches_total\\{outcome=\"ok\"} (\\d+)");
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final KeycloakServer KEYCLOAK = TestServers.keycloak(TestProduct.keycloakSpec());

  private final SigningKeys keys = new SigningKeys(KEYCLOAK);

  @FieldReport("https://github.com/spring-projects/spring-security/issues/5853")
  @Test
  void newKey_publishedBeforeUse_noRequestFails() throws Exception {
    try (var rowlock = Rowlock.on(KEYCLOAK, TestServers.postgres(), FrequentKeyFetch.class);
        var users = ConcurrentUsers.of(rowlock, 4)) {
      var old = keys.active();
      var early = rowlock.newPerson();
      await().atMost(LONG).until(() -> users.allTokensSignedWith(old.kid()));

      var added = keys.add(false);
      awaitFreshKeys(rowlock);
      assertThat(keys.active()).as("published, not used").isEqualTo(old);
      keys.activate(added);
      await().atMost(LONG).until(() -> users.allTokensSignedWith(added.kid()));
      assertThat(early.get("/api/me/tasks").status())
          .as("signed with the old key, valid until it expires")
          .isEqualTo(200);

      keys.disable(old);
      awaitFreshKeys(rowlock);
      assertThat(early.get("/api/me/tasks").status()).isEqualTo(401);
      keys.delete(old);
      awaitFreshKeys(rowlock);
      assertThat(early.get("/api/me/tasks").status()).isEqualTo(401);
      assertThat(rowlock.newPerson().get("/api/me/tasks").status()).isEqualTo(200);

      var before = users.requests();
      await().atMost(LONG).until(() -> users.requests() > before + 50);
      assertThat(users.failures()).isEmpty();
    }
  }

  @FieldReport("https://github.com/spring-projects/spring-security/issues/11621")
  @Test
  void newKey_usedAtOnce_isFetchedOnceAndNoRequestFails() throws Exception {
    try (var rowlock = Rowlock.on(KEYCLOAK, TestServers.postgres(), KeyFetchOnDemand.class);
        var users = ConcurrentUsers.of(rowlock, 4)) {
      var old = keys.active();
      await().atMost(LONG).until(() -> users.allTokensSignedWith(old.kid()));
      var fetches = fetches(rowlock);

      var added = keys.add(true);

      await().atMost(LONG).until(() -> users.allTokensSignedWith(added.kid()));
      var before = users.requests();
      await().atMost(LONG).until(() -> users.requests() > before + 50);
      assertThat(users.failures()).isEmpty();
      assertThat(fetches(rowlock)).isEqualTo(fetches + 1);
    }
  }

  /** Waits for two completed fetches, because the first may have started before this call. */
  private static void awaitFreshKeys(Rowlock rowlock) {
    var before = fetches(rowlock);
    await().atMost(LONG).until(() -> fetches(rowlock) >= before + 2);
  }

  private static int fetches(Rowlock rowlock) {
    var metrics =
        Person.send(HttpRequest.newBuilder(rowlock.management("/actuator/prometheus")).build())
            .body();
    var count = FETCHES.matcher(metrics);
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }
}
