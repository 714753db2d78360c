/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import rowlock.api.ApiServer;
import rowlock.api.test.TestIssuer;

/**
 * The API starts before its issuer, is not ready, and becomes ready when the issuer is available.
 */
@DirtiesContext
class IssuerUnavailableIT extends ApiServer {
  private static final RSAKey ITS_KEY = TestIssuer.newKey("late");
  private static final TestIssuer UNAVAILABLE = new TestIssuer().publish(ITS_KEY).answering(503);

  @DynamicPropertySource
  static void keys(DynamicPropertyRegistry settings) {
    settings.add("rowlock.jwks.uri", UNAVAILABLE::jwksUrl);
  }

  @AfterAll
  static void stop() {
    UNAVAILABLE.close();
  }

  @Test
  void requests_areAnswered503UntilKeysArrive_thenServedInOutage() {
    var token = ISSUER.token(ITS_KEY, UUID.randomUUID());
    var early = send(request("/probe/me", token));
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.headers().firstValue("Retry-After")).contains("5");
    assertThat(early.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(send(request("/probe/me")).statusCode()).isEqualTo(401);
    assertThat(readiness()).isEqualTo(503);

    UNAVAILABLE.answering(200);
    await().atMost(Duration.ofSeconds(40)).until(() -> readiness() == 200);
    assertThat(send(request("/probe/me", token)).statusCode()).isEqualTo(200);

    UNAVAILABLE.answering(500);
    var fresh = ISSUER.token(ITS_KEY, UUID.randomUUID());
    var forged = TestIssuer.newKey("forged");
    assertThat(send(request("/probe/me", ISSUER.token(forged, UUID.randomUUID()))).statusCode())
        .isEqualTo(401);
    assertThat(send(request("/probe/me", fresh)).statusCode()).isEqualTo(200);
    assertThat(readiness()).isEqualTo(200);
  }

  private int readiness() {
    return send(HttpRequest.newBuilder(managementUrl("/actuator/health/readiness"))).statusCode();
  }
}
