/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.http.HttpEntity;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.jboss.logging.Logger;
import org.keycloak.connections.httpclient.HttpClientProvider;
import org.keycloak.models.KeycloakSession;

/**
 * Looks a password up in a service with the "Pwned Passwords" protocol: sends the first five digits
 * of the password's SHA-1 hash and receives all hashes with that prefix, so the service does not
 * learn the password (k-anonymity). If the service does not answer in time, the password is
 * accepted and a metric counts it: registration must not depend on a third party.
 */
final class RangeLookup {
  private static final Logger log = Logger.getLogger(RangeLookup.class);
  private static final int PREFIX = 5;
  private static final int MAX_RESPONSE_LENGTH = 1 << 20;
  private static final int OK = 200;

  private final URI service;
  private final Duration timeout;
  private final RequestConfig limits;

  /**
   * Creates a look-up.
   *
   * @param service address to which the five digits are appended
   * @param timeout for the whole request, connection included
   */
  RangeLookup(URI service, Duration timeout) {
    this.service = service;
    this.timeout = timeout;
    var millis = Math.toIntExact(timeout.toMillis());
    this.limits =
        RequestConfig.custom()
            .setConnectionRequestTimeout(millis)
            .setConnectTimeout(millis)
            .setSocketTimeout(millis)
            .build();
  }

  boolean contains(KeycloakSession session, String password) {
    var hash = Sha1List.sha1(password);
    try {
      var found =
          ask(session, hash.substring(0, PREFIX))
              .lines()
              .anyMatch(line -> isHit(line.strip(), hash.substring(PREFIX)));
      count(found ? "found" : "clean");
      return found;
    } catch (IOException e) {
      count("failed");
      log.warnf("Range look-up at %s failed: %s; the password was accepted", service.getHost(), e);
      return false;
    }
  }

  private String ask(KeycloakSession session, String prefix) throws IOException {
    var client = session.getProvider(HttpClientProvider.class).getHttpClient();
    var request = new HttpGet(service + prefix);
    request.setConfig(limits);
    // pads every answer to the same number of lines, so that its length reveals nothing
    request.setHeader("Add-Padding", "true");
    // the client's own limits apply to each read, and an answer can have any number of reads
    var deadline =
        CompletableFuture.runAsync(
            request::abort,
            CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
    try (var answer = client.execute(request)) {
      var status = answer.getStatusLine().getStatusCode();
      if (status != OK || answer.getEntity() == null) {
        throw new IOException("status " + status);
      }
      return text(answer.getEntity());
    } finally {
      deadline.cancel(false);
    }
  }

  private static String text(HttpEntity entity) throws IOException {
    var encoding = entity.getContentEncoding();
    var zipped = encoding != null && "gzip".equalsIgnoreCase(encoding.getValue());
    try (var in = zipped ? new GZIPInputStream(entity.getContent()) : entity.getContent()) {
      var bytes = in.readNBytes(MAX_RESPONSE_LENGTH);
      if (bytes.length == MAX_RESPONSE_LENGTH) {
        throw new IOException("more than " + MAX_RESPONSE_LENGTH + " bytes");
      }
      return new String(bytes, US_ASCII);
    }
  }

  /** Ignores lines with count 0, which are padding. */
  private static boolean isHit(String line, String suffix) {
    return line.regionMatches(true, 0, suffix + ":", 0, suffix.length() + 1)
        && !line.endsWith(":0");
  }

  private static void count(String outcome) {
    Metrics.counter("rowlock.password.range", "outcome", outcome).increment();
  }
}
