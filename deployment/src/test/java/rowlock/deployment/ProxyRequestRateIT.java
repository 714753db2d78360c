/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.deployment.Haproxy.Server;

/** Checks the limit of requests of one address. */
class ProxyRequestRateIT {
  @TempDir Path folder;

  @Test
  void requests_ofOneAddress_areLimited() throws Exception {
    try (var server = new BlockingServer();
        var proxy =
            Haproxy.start(
                folder,
                Map.of(
                    Server.KEYCLOAK, server.place(),
                    Server.API, server.place(),
                    Server.WEB, server.place()),
                Map.of("ROWLOCK_ADDRESS_REQUEST_RATE", "20"))) {
      for (var i = 0; i < 20; i++) {
        assertThat(get(proxy).statusCode()).isEqualTo(200);
      }

      var refused = get(proxy);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("10");
    }
  }

  private static HttpResponse<String> get(Haproxy proxy) throws Exception {
    return Http.send(HttpRequest.newBuilder(proxy.at("api", "/x")));
  }
}
