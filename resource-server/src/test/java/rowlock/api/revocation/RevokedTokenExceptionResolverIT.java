/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A revoked token is answered 401, whatever else is wrong with the request. */
class RevokedTokenExceptionResolverIT extends EventClient {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/me/items?limit=no               |                  |             | 400
          GET    | /api/me/items?cursor=-                |                  |             | 400
          GET    | /api/OTHER/items                     |                  |             | 404
          GET    | /api/OTHER/items/ID                  |                  |             | 404
          DELETE | /api/OTHER/items/ID                  |                  |             | 404
          GET    | /api/me/nothing                      |                  |             | 404
          GET    | /nothing                             |                  |             | 404
          PUT    | /api/me/items                        | application/json | {}          | 405
          POST   | /api/me/items                        | text/plain       | x           | 415
          POST   | /api/me/items                        | application/json | {           | 400
          POST   | /api/me/items                        | application/json | {"title":7} | 422
          POST   | /api/me/items                        | application/json | {"title":""}| 422
          PUT    | /api/me/items/ID                     | application/json | {           | 400
          PUT    | /api/me/items/ID                     | application/json | {"title":"a"}| 404
          GET    | /probe/me/strong                     |                  |             | 401
          GET    | /probe/me/number?value=x             |                  |             | 400
          """)
  void revokedToken_withAnotherError_isRefusedFirst(
      String method, String path, @Nullable String type, @Nullable String body, int otherwise) {
    var target =
        path.replace("OTHER", UUID.randomUUID().toString())
            .replace("ID", UUID.randomUUID().toString());
    var token = token(now);

    assertThat(status(method, target, type, body, token)).isEqualTo(otherwise);
    pushed(Events.SESSION_REVOKED, EVENTS.session(session, user), now);
    var request = request(method, target, type, body, token);
    var refused = send(request);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("/problems/invalid-token");
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("invalid_token");
  }

  private int status(
      String method, String path, @Nullable String type, @Nullable String body, String token) {
    return send(request(method, path, type, body, token)).statusCode();
  }

  private HttpRequest.Builder request(
      String method, String path, @Nullable String type, @Nullable String body, String token) {
    var request = request(path, token);
    if (type != null) {
      request.header("Content-Type", type);
    }
    return request.method(
        method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }
}
