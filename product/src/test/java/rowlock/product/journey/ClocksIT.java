/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import rowlock.field.FieldReport;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.login.Tokens;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;

/** The clock of task-api and that of Keycloak are seconds apart. */
class ClocksIT {

  private static final Duration AHEAD = Duration.ofSeconds(20);

  /**
   * Less than {@code rowlock.clock.skew}: beyond it, a token that was issued just now is refused.
   */
  private static final Duration BEHIND = Duration.ofSeconds(8);

  private static final Duration LONG = Duration.ofSeconds(60);

  /** No configuration by itself, which others would find. */
  static class Ahead {
    @Bean
    @Primary
    Clock clockThatIsAhead() {
      return Clock.offset(Clock.systemUTC(), AHEAD);
    }
  }

  /** No configuration by itself, which others would find. */
  static class Behind {
    @Bean
    @Primary
    Clock clockThatIsBehind() {
      return Clock.offset(Clock.systemUTC(), BEHIND.negated());
    }
  }

  @FieldReport("https://github.com/lcobucci/jwt/issues/191")
  @Test
  void whenTheApiIsAhead_thenWhatEndsStillEndsAtOnce() {
    endsAtOnce(Ahead.class);
  }

  @FieldReport("https://github.com/lcobucci/jwt/issues/191")
  @Test
  void whenTheApiIsBehind_thenWhatEndsStillEndsAtOnce() {
    endsAtOnce(Behind.class);
  }

  private static void endsAtOnce(Class<?> clock) {
    try (Rowlock rowlock =
            Rowlock.on(
                TestServers.keycloak(TestProduct.keycloaks()), TestServers.postgres(), clock);
        TcpProxy proxy = new TcpProxy(rowlock.api("/").getPort())) {
      rowlock.isToldAt(proxy.url("/events"));
      Person person = rowlock.newPerson();
      Person disabled = rowlock.newPerson();
      Tokens other = rowlock.signIn().login(person.email(), TestProduct.PASSWORD);
      assertThat(list(rowlock, person.tokens())).isEqualTo(200);

      rowlock.signIn().logout(person.tokens().refreshToken());
      assertThat(list(rowlock, person.tokens())).isEqualTo(401);
      assertThat(list(rowlock, other)).isEqualTo(200);

      rowlock.signIn().revoke(other.accessToken());
      assertThat(list(rowlock, other)).isEqualTo(401);
      new AdminApi(rowlock.keycloak())
          .put("/realms/" + Realm.NAME + "/users/" + disabled.subject(), "{\"enabled\":false}");
      assertThat(list(rowlock, disabled.tokens())).isEqualTo(401);

      await().atMost(LONG).untilAsserted(() -> assertThat(asking(rowlock)).isEqualTo("answered"));
    }
  }

  private static int list(Rowlock at, Tokens tokens) {
    return Person.send(at, "Bearer " + tokens.accessToken(), "GET", "/api/me/tasks", null).status();
  }

  /** Whether the issuer believes who asks it what has changed. */
  private static String asking(Rowlock rowlock) {
    URI health = rowlock.management("/actuator/health");
    return Person.send(HttpRequest.newBuilder(health).build())
        .json()
        .path("components")
        .path("revocation")
        .path("details")
        .path("asking")
        .asString();
  }
}
