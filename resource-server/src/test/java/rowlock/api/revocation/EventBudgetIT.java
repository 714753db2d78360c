/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/**
 * A sender of bad events is answered 429 before any cryptography. Bad access tokens from the same
 * address do not block events, nor vice versa.
 */
@TestPropertySource(properties = "rowlock.failed.authentications.per.minute=5")
class EventBudgetIT extends EventClient {
  @Test
  void eventsAndTokens_haveSeparateBudgets() {
    var good = token(now);
    assertThat(list(good)).isEqualTo(200);
    for (var i = 0; i < 8; i++) {
      list("garbage");
    }
    assertThat(list("garbage")).isEqualTo(429);
    pushed(Events.SESSION_REVOKED, EVENTS.session(session, user), now);
    assertThat(list(good)).isEqualTo(401);

    for (var i = 0; i < 8; i++) {
      sendInABrowser("Origin", "https://other.example.org");
      sendInABrowser("Origin", "null");
      sendInABrowser("Sec-Fetch-Site", "cross-site");
    }
    for (var i = 0; i < 5; i++) {
      assertThat(push("garbage").statusCode()).isEqualTo(400);
    }
    var sentAway = push(EVENTS.token(Events.SESSION_REVOKED, EVENTS.session("another", user), now));
    assertThat(sentAway.statusCode()).isEqualTo(429);
    assertThat(sentAway.headers().firstValue("Retry-After")).isPresent();
  }

  /** Every cross-site form has one of these headers. */
  private void sendInABrowser(String header, String value) {
    assertThat(
            send(request("/backchannel-logout")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header(header, value)
                    .POST(BodyPublishers.ofString("logout_token=garbage")))
                .statusCode())
        .isEqualTo(403);
  }
}
