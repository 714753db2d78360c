/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Sends requests to the application of a {@link RowlockTest}, over HTTP and with real tokens.
 * Thread-safe.
 */
public final class RowlockClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Environment environment;
  private final TestIssuer issuer;
  private final RequestCalls calls;

  /** The result of {@link #scopes}; null until it was called. */
  private volatile @Nullable Set<String> scopes;

  RowlockClient(Environment environment, TestIssuer issuer, RequestCalls calls) {
    this.environment = environment;
    this.issuer = issuer;
    this.calls = calls;
  }

  /**
   * Returns a client with a new session and access token of this owner. The token is valid for five
   * minutes, and has all scopes that the routes of the application require.
   */
  public OwnerClient as(UUID owner) {
    return as(owner, claims -> {});
  }

  /** Returns a client with an access token whose claims are changed before it is signed. */
  public OwnerClient as(UUID owner, Consumer<Map<String, Object>> change) {
    var claims = issuer.claims(owner);
    claims.put("scope", String.join(" ", scopes()));
    change.accept(claims);
    return new OwnerClient(
        this,
        calls,
        owner,
        TestIssuer.sign(TestIssuer.sharedKey(), TestIssuer.header(TestIssuer.sharedKey()), claims));
  }

  /** Returns the scopes that the metadata of the application names (RFC 9728 §2). */
  Set<String> scopes() {
    var known = scopes;
    if (known == null) {
      var metadata = send(request("/.well-known/oauth-protected-resource")).body();
      try {
        var names =
            JSONObjectUtils.getStringList(JSONObjectUtils.parse(metadata), "scopes_supported");
        known = names == null ? Set.of() : new TreeSet<>(names);
      } catch (ParseException e) {
        throw new IllegalStateException("The metadata is no JSON object: " + metadata, e);
      }
      scopes = known;
    }
    return known;
  }

  /** Returns the address of a path of the application. */
  public URI uri(String path) {
    return URI.create(
        "http://localhost:" + environment.getRequiredProperty("local.server.port") + path);
  }

  /** Returns a request without a token. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT);
  }

  /**
   * Sends a request and returns its response, whatever its status.
   *
   * @throws UncheckedIOException if there is no answer
   */
  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends a text byte by byte, and returns the response until the server closes the connection. */
  public String sendRaw(String request) {
    var server = uri("/");
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      var answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException e) {
        // A server that rejects a request closes before it has read all; its response may have
        // been received.
      }
      return answer.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
