/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestIssuer;
import rowlock.task.TaskApiApplication;

/** The whole API on free ports, with a real database and an issuer that signs whatever is asked. */
@RowlockTest(classes = TaskApiApplication.class)
@Import(ProbeController.class)
// Tests are refused more often than any client; those about the limits set them again.
@TestPropertySource(
    properties = {
      "rowlock.public.url=" + ApiServer.PUBLIC_URL,
      "rowlock.failed.authentications.per.minute=1000000",
      "rowlock.security.log.lines.per.minute=1000000"
    })
public abstract class ApiServer {

  protected static final RSAKey KEY = TestIssuer.sharedKey();
  protected static final TestIssuer ISSUER = TestIssuer.shared();
  protected static final String PUBLIC_URL = "https://tasks.example.org";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;

  protected int port() {
    return port;
  }

  protected URI managementUrl(String path) {
    return URI.create("http://localhost:" + managementPort + path);
  }

  protected HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  protected HttpRequest.Builder request(String path, String token) {
    return request(path).header("Authorization", "Bearer " + token);
  }

  protected String token() {
    return ISSUER.token(KEY, UUID.randomUUID());
  }

  protected static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends bytes as they are and returns all that comes back until the server closes. */
  protected String raw(String request) {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(10_000);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException closedWhileSending) {
        // The server has answered and hung up before it read all; the answer may be there already.
      }
      return answer.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
