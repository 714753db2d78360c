/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.TokenSettings;

/**
 * Fetches the issuer's keys. Limits the response size and the wait, follows no redirect, and
 * accepts metadata only if they name the expected issuer (RFC 8414 §3.3).
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

  /** Returns the issuer's key set from the configured or the discovered address. */
  byte[] keySet() throws IOException, InterruptedException {
    var address = settings.jwksUri() != null ? settings.jwksUri() : discovered;
    if (address == null) {
      address = discover();
    }
    try {
      var document = get(address);
      discovered = address;
      return document;
    } catch (IOException e) {
      discovered = null; // discover again next time
      throw e;
    }
  }

  private URI discover() throws IOException, InterruptedException {
    var issuer = URI.create(settings.issuer());
    var base = settings.issuer().replaceAll("/$", "");
    var path = issuer.getRawPath() == null ? "" : issuer.getRawPath().replaceAll("/$", "");
    var openId = URI.create(base + "/.well-known/openid-configuration");
    var oauth = issuer.resolve("/.well-known/oauth-authorization-server" + path);
    try {
      return jwksUri(get(openId), openId);
    } catch (IOException e) {
      try {
        return jwksUri(get(oauth), oauth);
      } catch (IOException nested) {
        e.addSuppressed(nested);
        throw e;
      }
    }
  }

  private URI jwksUri(byte[] document, URI from) throws IOException {
    var metadata = StrictJsonObject.read(document);
    if (metadata == null) {
      throw new IOException(from + " is not a JSON object");
    }
    if (!settings.issuer().equals(metadata.path("issuer").asString(""))) {
      throw new IOException(from + " names another issuer; ROWLOCK_ISSUER must equal it exactly");
    }
    URI address;
    try {
      address = URI.create(metadata.path("jwks_uri").asString(""));
    } catch (IllegalArgumentException e) {
      throw new IOException(from + " has no usable jwks_uri", e);
    }
    if (!settings.mayBeFetched(address)) {
      throw new IOException(from + " names a jwks_uri that is not https");
    }
    return address;
  }

  private byte[] get(URI address) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(address)
            .timeout(READ)
            .header("Accept", "application/json, application/jwk-set+json")
            .build();
    var answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      // The timeout of the request ends with the headers; a body may be sent arbitrarily slowly.
      var response = answer.get(CONNECT.plus(READ).toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(address + " answered " + response.statusCode());
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException(address + " timed out", e);
    } catch (ExecutionException e) {
      throw new IOException(address + " failed: " + e.getCause(), e);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
