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
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.product.web.LossyIssuer;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** What the issuer has answered and nobody has got. */
class LostAnswerIT {

  private static final int LIFE = 4;
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final String TASKS = "/api/me/tasks";

  private final TestWeb web = TestWeb.shared();
  private LossyIssuer issuer;
  private URI node;

  @BeforeEach
  void start() {
    issuer = new LossyIssuer(web.keycloak());
    node = web.anotherNode(issuer.setting());
    web.accessTokensLive(LIFE);
  }

  @AfterEach
  void stop() {
    web.accessTokensLive(0);
    issuer.close();
  }

  @FieldReport("https://github.com/JiRaska/open-bank-oss/issues/3619")
  @Test
  void whoComesBackLongAfterARefreshGotLostIsStillSignedIn() {
    Visitor visitor = web.visitor().registered();
    awaitEnd(Duration.ofSeconds(LIFE));
    issuer.loses(true);
    assertThat(get(visitor).statusCode()).isEqualTo(503);
    assertThat(issuer.lost()).isEqualTo(2);
    issuer.loses(false);
    awaitEnd(GRACE.plusSeconds(2));

    // Keycloak ends the session, and writes its owner, when it takes a token for stolen
    HttpResponse<String> back = get(visitor);
    assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
    awaitEnd(Duration.ofSeconds(LIFE));
    assertThat(get(visitor).statusCode()).as("and so it goes on").isEqualTo(200);
  }

  private HttpResponse<String> get(Visitor visitor) {
    return Visitor.http(visitor.request(node, TASKS).build());
  }

  private static void awaitEnd(Duration time) {
    Instant end = Instant.now().plus(time);
    await().atMost(time.plusSeconds(5)).until(() -> Instant.now().isAfter(end));
  }
}
