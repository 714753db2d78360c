/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestIssuer;
import rowlock.probe.ProbeApplication;

/** The whole API on free ports, with a real database and a test issuer. */
@RowlockTest(classes = ProbeApplication.class)
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
  protected static final String PUBLIC_URL = "https://api.example.org";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Autowired private RowlockClient client;
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

  /** Sends bytes and returns the response until the server closes the connection. */
  protected String raw(String request) {
    return client.sendRaw(request);
  }
}
