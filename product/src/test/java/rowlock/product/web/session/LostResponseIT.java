/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.product.web.LossyIssuerProxy;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Refreshes whose response is lost between Keycloak and task-web. */
@Tag("thorough")
class LostResponseIT {
  private static final int LIFE = 4;
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final String TASKS = "/api/me/tasks";

  private final TestWeb web = TestWeb.shared();
  private LossyIssuerProxy issuer;
  private URI node;

  @BeforeEach
  void start() {
    issuer = new LossyIssuerProxy(web.keycloak());
    node = web.startNode(issuer.setting());
    web.setAccessTokenLifetime(LIFE);
  }

  @AfterEach
  void stop() {
    web.setAccessTokenLifetime(0);
    issuer.close();
  }

  @FieldReport("https://github.com/JiRaska/open-bank-oss/issues/3619")
  @Test
  void lostRefresh_sessionContinuesAfterTheGraceWindow() {
    var visitor = web.visitor().registered();
    awaitEnd(Duration.ofSeconds(LIFE));
    issuer.setLosing(true);
    assertThat(get(visitor).statusCode()).isEqualTo(503);
    assertThat(issuer.lostResponses()).isEqualTo(2);
    issuer.setLosing(false);
    awaitEnd(GRACE.plusSeconds(2));

    // if Keycloak detected token reuse, it would end the session
    var back = get(visitor);
    assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
    awaitEnd(Duration.ofSeconds(LIFE));
    assertThat(get(visitor).statusCode()).as("after the next expiry").isEqualTo(200);
  }

  private HttpResponse<String> get(Visitor visitor) {
    return Visitor.http(visitor.request(node, TASKS).build());
  }

  private static void awaitEnd(Duration time) {
    var end = Instant.now().plus(time);
    await().atMost(time.plusSeconds(5)).until(() -> Instant.now().isAfter(end));
  }
}
