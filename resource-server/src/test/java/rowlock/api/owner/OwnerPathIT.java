/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.ApiServer;

class OwnerPathIT extends ApiServer {
  private final UUID subject = UUID.randomUUID();
  private final String token = ISSUER.token(KEY, subject);

  @Test
  void meAndOwnId_areTheSameOwner() {
    var me = send(request("/probe/me", token));
    var named = send(request("/probe/" + subject, token));
    assertThat(me.statusCode()).isEqualTo(200);
    assertThat(named.body()).isEqualTo(me.body()).contains("\"id\":\"" + subject + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ME", "Me", "self", "0", "null", "00000000-0000-0000-0000-000000000000"})
  void otherOwner_isNotFound(String owner) {
    assertNotFound(owner);
  }

  @Test
  void theOwnIdHasOneSpelling() {
    assertNotFound(subject.toString().toUpperCase(Locale.ROOT));
    assertNotFound(subject.toString().replace("-", ""));
    assertNotFound("%7B" + subject + "%7D");
  }

  @Test
  void existingAndUnknownUser_areAnsweredAlike() {
    var other = UUID.randomUUID();
    send(request("/probe/me", ISSUER.token(KEY, other)));
    var existing = send(request("/probe/" + other, token));
    var imaginary = send(request("/probe/" + UUID.randomUUID(), token));
    var unknownItem = send(request("/api/me/items/" + UUID.randomUUID(), token));
    assertThat(existing.statusCode()).isEqualTo(404);
    assertThat(existing.body()).isEqualTo(imaginary.body()).isEqualTo(unknownItem.body());
    assertThat(headers(existing)).isEqualTo(headers(imaginary)).isEqualTo(headers(unknownItem));
  }

  @Test
  void outsideOfARequest_thereIsNoOwner() {
    assertThatIllegalStateException().isThrownBy(Owner::current);
  }

  private void assertNotFound(String owner) {
    var answer = send(request("/probe/" + owner, token));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("/problems/not-found");
  }

  private static String headers(HttpResponse<String> answer) {
    return answer.headers().map().toString().replaceAll("date=\\[[^]]*]", "");
  }
}
