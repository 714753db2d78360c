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

/** A node before an API that does as a test wants, and somebody who is signed in there. */
abstract class BeforeRecordingApi {

  static final TestWeb WEB = TestWeb.shared();
  static RecordingApi api;
  static URI node;
  static Visitor visitor;

  @BeforeAll
  static void start() throws IOException {
    api = new RecordingApi();
    node = WEB.anotherNode("--rowlock.api.url=" + api.address(), "--rowlock.web.api.timeout=1s");
    visitor = WEB.visitor().registered();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @BeforeEach
  void answersWell() {
    api.answers(RecordingApi::ok);
  }

  static HttpRequest.Builder request(String path) {
    return visitor.request(node, path);
  }

  static HttpResponse<String> call(HttpRequest.Builder request) {
    return Visitor.http(request.build());
  }
}
