/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Starts a node in front of a {@link RecordingApi}, and signs a visitor in there. */
abstract class RelayTestBase {
  static final TestWeb WEB = TestWeb.shared();
  static RecordingApi api;
  static URI node;
  static Visitor visitor;

  @BeforeAll
  static void start() throws IOException {
    api = new RecordingApi();
    node = WEB.startNode("--rowlock.api.url=" + api.address(), "--rowlock.web.api.timeout=1s");
    visitor = WEB.visitor().registered();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @BeforeEach
  void respondOk() {
    api.respondWith(RecordingApi::ok);
  }

  static HttpRequest.Builder request(String path) {
    return visitor.request(node, path);
  }

  static HttpResponse<String> call(HttpRequest.Builder request) {
    return Visitor.http(request.build());
  }
}
