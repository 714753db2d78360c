/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import rowlock.api.token.QuickKeys;
import rowlock.api.token.RareKeys;
import rowlock.field.FieldReport;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;
import rowlock.product.journey.SigningKeys.SigningKey;

/**
 * RS row 19: the realm gets a new signing key while people sign in, refresh and work. Nobody
 * notices; and the old key, once it is taken away, is worth nothing.
 */
class KeyRotationIT {

  private static final Pattern FETCHES =
      Pattern.compile("rowlock_issuer_keys_fetches_total\\{outcome=\"ok\"} (\\d+)");
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final KeycloakServer KEYCLOAK = OwnKeycloak.server();

  private final SigningKeys keys = new SigningKeys(KEYCLOAK);

  @FieldReport("https://github.com/spring-projects/spring-security/issues/5853")
  @Test
  void row19_whenANewKeyIsPublishedFirstAndUsedLater_thenNoRequestFailsAndTheOldKeyCanGo()
      throws Exception {
    try (Rowlock rowlock = Rowlock.on(KEYCLOAK, TestServers.postgres(), QuickKeys.class);
        Crowd crowd = Crowd.of(rowlock, 4)) {
      SigningKey old = keys.active();
      Person early = rowlock.newPerson();
      await().atMost(LONG).until(() -> crowd.allHold(old.kid()));

      SigningKey added = keys.add(false);
      awaitFreshKeys(rowlock);
      assertThat(keys.active()).as("published, not used").isEqualTo(old);
      keys.activate(added);
      await().atMost(LONG).until(() -> crowd.allHold(added.kid()));
      assertThat(early.get("/api/me/tasks").status())
          .as("signed with the old key, and good until it expires")
          .isEqualTo(200);

      keys.disable(old);
      awaitFreshKeys(rowlock);
      assertThat(early.get("/api/me/tasks").status()).isEqualTo(401);
      keys.delete(old);
      awaitFreshKeys(rowlock);
      assertThat(early.get("/api/me/tasks").status()).isEqualTo(401);
      assertThat(rowlock.newPerson().get("/api/me/tasks").status()).isEqualTo(200);

      int before = crowd.requests();
      await().atMost(LONG).until(() -> crowd.requests() > before + 50);
      assertThat(crowd.failures()).isEmpty();
    }
  }

  @FieldReport("https://github.com/spring-projects/spring-security/issues/11621")
  @Test
  void row19_whenANewKeyIsUsedAtOnce_thenItIsFetchedOnceAndNoRequestFails() throws Exception {
    try (Rowlock rowlock = Rowlock.on(KEYCLOAK, TestServers.postgres(), RareKeys.class);
        Crowd crowd = Crowd.of(rowlock, 4)) {
      SigningKey old = keys.active();
      await().atMost(LONG).until(() -> crowd.allHold(old.kid()));
      int fetches = fetches(rowlock);

      SigningKey added = keys.add(true);

      await().atMost(LONG).until(() -> crowd.allHold(added.kid()));
      int before = crowd.requests();
      await().atMost(LONG).until(() -> crowd.requests() > before + 50);
      assertThat(crowd.failures()).isEmpty();
      assertThat(fetches(rowlock)).isEqualTo(fetches + 1);
    }
  }

  /** Until the API has begun and ended a fetch; the first to end may have begun before. */
  private static void awaitFreshKeys(Rowlock rowlock) {
    int before = fetches(rowlock);
    await().atMost(LONG).until(() -> fetches(rowlock) >= before + 2);
  }

  private static int fetches(Rowlock rowlock) {
    String metrics =
        Person.send(HttpRequest.newBuilder(rowlock.management("/actuator/prometheus")).build())
            .body();
    Matcher count = FETCHES.matcher(metrics);
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }
}
