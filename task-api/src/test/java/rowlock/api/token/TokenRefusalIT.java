/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import rowlock.api.ApiServer;

class TokenRefusalIT extends ApiServer {

  @Test
  void aGoodTokenIsLetIn() {
    UUID subject = UUID.randomUUID();
    HttpResponse<String> answer = send(request("/probe/me", ISSUER.token(KEY, subject)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(subject.toString());
  }
}
