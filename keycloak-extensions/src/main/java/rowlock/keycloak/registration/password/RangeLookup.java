/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.http.client.config.RequestConfig;
import org.jboss.logging.Logger;
import org.keycloak.http.simple.SimpleHttp;
import org.keycloak.models.KeycloakSession;

/**
 * Asks a service of the "Pwned Passwords" kind: it is told the first five digits of the password's
 * SHA-1 hash, answers all hashes that begin so, and does not learn which was meant (k-anonymity).
 * When it does not answer in time, the password passes, and a metric counts it: nobody should be
 * unable to sign up because a third party is away.
 */
final class RangeLookup {
  private static final Logger LOG = Logger.getLogger(RangeLookup.class);
  private static final int PREFIX = 5;
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final int OK = 200;

  private final URI service;
  private final RequestConfig limits;

  /**
   * For a service.
   *
   * @param service the address that the five digits are added to
   * @param timeout for the connection, and for each part of the answer
   */
  RangeLookup(URI service, Duration timeout) {
    this.service = service;
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
      LOG.warnf(
          "The range look-up for leaked passwords at %s failed, so the password was accepted: %s",
          service.getHost(), e);
      return false;
    }
  }

  private String ask(KeycloakSession session, String prefix) throws IOException {
    try (var answer =
        SimpleHttp.create(session)
            .withRequestConfig(limits)
            .withMaxConsumedResponseSize(LONGEST_ANSWER)
            .doGet(service + prefix)
            // as many lines in every answer, so that its length says nothing to who listens
            .header("Add-Padding", "true")
            .asResponse()) {
      if (answer.getStatus() != OK) {
        throw new IOException("status " + answer.getStatus());
      }
      return answer.asString();
    }
  }

  /** Lines with count 0 are the padding. */
  private static boolean isHit(String line, String suffix) {
    return line.regionMatches(true, 0, suffix + ":", 0, suffix.length() + 1)
        && !line.endsWith(":0");
  }

  private static void count(String outcome) {
    Metrics.counter("rowlock.password.range", "outcome", outcome).increment();
  }
}
