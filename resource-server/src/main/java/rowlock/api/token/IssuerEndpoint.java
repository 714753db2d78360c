/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.TokenSettings;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the issuer's keys come from. Reads little, waits briefly, follows no redirect, and believes
 * metadata only when they name the issuer that was asked for (RFC 8414 section 3.3).
 */
final class IssuerEndpoint implements AutoCloseable {

  static final Duration CONNECT = Duration.ofSeconds(1);
  static final Duration READ = Duration.ofSeconds(2);
  static final int MAX_BYTES = 50 * 1024;

  private final TokenSettings settings;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private @Nullable URI discovered;

  IssuerEndpoint(TokenSettings settings) {
    this.settings = settings;
  }

  /** The document with the issuer's keys, at the address that was set or else discovered. */
  byte[] keySet() throws IOException, InterruptedException {
    URI address = settings.jwksUri() != null ? settings.jwksUri() : discovered;
    if (address == null) {
      address = discover();
    }
    try {
      byte[] document = get(address);
      discovered = address;
      return document;
    } catch (IOException moved) {
      discovered = null; // ask the metadata again next time
      throw moved;
    }
  }

  private URI discover() throws IOException, InterruptedException {
    URI issuer = URI.create(settings.issuer());
    String base = settings.issuer().replaceAll("/$", "");
    String path = issuer.getRawPath() == null ? "" : issuer.getRawPath().replaceAll("/$", "");
    URI openId = URI.create(base + "/.well-known/openid-configuration");
    URI oauth = issuer.resolve("/.well-known/oauth-authorization-server" + path);
    try {
      return jwksUri(get(openId), openId);
    } catch (IOException noOpenId) {
      try {
        return jwksUri(get(oauth), oauth);
      } catch (IOException neither) {
        noOpenId.addSuppressed(neither);
        throw noOpenId;
      }
    }
  }

  private URI jwksUri(byte[] document, URI from) throws IOException {
    ObjectNode metadata = StrictJsonObject.read(document);
    if (metadata == null) {
      throw new IOException(from + " is no JSON object");
    }
    if (!settings.issuer().equals(metadata.path("issuer").asString(""))) {
      throw new IOException(from + " names another issuer; ROWLOCK_ISSUER must equal it exactly");
    }
    URI address;
    try {
      address = URI.create(metadata.path("jwks_uri").asString(""));
    } catch (IllegalArgumentException malformed) {
      throw new IOException(from + " has no usable jwks_uri", malformed);
    }
    if (!settings.mayBeFetched(address)) {
      throw new IOException(from + " names a jwks_uri that is not https");
    }
    return address;
  }

  private byte[] get(URI address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(READ)
            .header("Accept", "application/json, application/jwk-set+json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      // The request's own timeout ends with the headers; a body may drip for ever.
      HttpResponse<byte[]> response =
          answer.get(CONNECT.plus(READ).toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(address + " answered " + response.statusCode());
      }
      return response.body();
    } catch (TimeoutException tooSlow) {
      throw new IOException(address + " did not answer in time", tooSlow);
    } catch (ExecutionException failed) {
      throw new IOException(address + " cannot be read: " + failed.getCause(), failed);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
