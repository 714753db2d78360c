/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** Checks revocation when the clocks of task-api and Keycloak differ by seconds. */
class ClockSkewIT {
  private static final Duration AHEAD = Duration.ofSeconds(20);

  /**
   * Less than {@code rowlock.clock.skew}. Beyond that, a new token is refused because of its {@code
   * iat}.
   */
  private static final Duration BEHIND = Duration.ofSeconds(8);

  private static final Duration LONG = Duration.ofSeconds(60);

  /** Not annotated as a configuration, so that other tests do not pick it up. */
  static class Ahead {
    @Bean
    @Primary
    Clock clockThatIsAhead() {
      return Clock.offset(Clock.systemUTC(), AHEAD);
    }
  }

  /** Not annotated as a configuration, so that other tests do not pick it up. */
  static class Behind {
    @Bean
    @Primary
    Clock clockThatIsBehind() {
      return Clock.offset(Clock.systemUTC(), BEHIND.negated());
    }
  }

  @FieldReport("https://github.com/lcobucci/jwt/issues/191")
  @Test
  void apiClockAhead_revocation_takesEffectOnNextRequest() {
    assertRevocationOnNextRequest(Ahead.class);
  }

  @FieldReport("https://github.com/lcobucci/jwt/issues/191")
  @Test
  void apiClockBehind_revocation_takesEffectOnNextRequest() {
    assertRevocationOnNextRequest(Behind.class);
  }

  private static void assertRevocationOnNextRequest(Class<?> clock) {
    try (var rowlock =
            Rowlock.on(
                TestServers.keycloak(TestProduct.keycloakSpec()), TestServers.postgres(), clock);
        var network = new TcpProxy(rowlock.api("/").getPort())) {
      rowlock.receiveEventsAt(network.url("/events"));
      var person = rowlock.newPerson();
      var disabled = rowlock.newPerson();
      var other = rowlock.signIn().login(person.email(), TestProduct.PASSWORD);
      assertThat(list(rowlock, person.tokens())).isEqualTo(200);

      rowlock.signIn().logout(person.tokens().refreshToken());
      assertThat(list(rowlock, person.tokens())).isEqualTo(401);
      assertThat(list(rowlock, other)).isEqualTo(200);

      rowlock.signIn().revoke(other.accessToken());
      assertThat(list(rowlock, other)).isEqualTo(401);
      new AdminApi(rowlock.keycloak())
          .put("/realms/" + Realm.NAME + "/users/" + disabled.subject(), "{\"enabled\":false}");
      assertThat(list(rowlock, disabled.tokens())).isEqualTo(401);

      await().atMost(LONG).untilAsserted(() -> assertThat(polling(rowlock)).isEqualTo("answered"));
    }
  }

  private static int list(Rowlock at, Tokens tokens) {
    return Person.send(at, "Bearer " + tokens.accessToken(), "GET", "/api/me/tasks", null).status();
  }

  /** Returns the result of polling the issuer for events, from the health endpoint. */
  private static String polling(Rowlock rowlock) {
    var health = rowlock.management("/actuator/health");
    return Person.send(HttpRequest.newBuilder(health).build())
        .json()
        .path("components")
        .path("revocation")
        .path("details")
        .path("asking")
        .asString();
  }
}
