/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import rowlock.keycloak.input.stock.RequestBodies;

/**
 * Answers 4xx to requests that would otherwise end in a server error: NUL and other control
 * characters, invalid percent-encoding and UTF-8, malformed media types and tokens, too many
 * parameters. Writes no log line; {@code rowlock_requests_rejected_total} counts by {@code status}.
 *
 * <p>Bodies outside the admin API are received completely, without occupying a worker thread,
 * before the request continues: at most 1 MiB, within ten seconds.
 */
final class InputGuard implements Handler<RoutingContext> {
  private final RequestBodies bodies;

  InputGuard(RequestBodies bodies) {
    this.bodies = bodies;
  }

  @Override
  public void handle(RoutingContext context) {
    var request = context.request();
    var head =
        new RequestHead(
            Objects.requireNonNullElse(request.path(), ""),
            Objects.requireNonNullElse(request.query(), ""),
            name -> request.headers().getAll(name));
    if (head.isDeviceAuthorization()) {
      request.headers().remove(HttpHeaders.ACCEPT);
    }
    var received = !head.isAdministration() && RequestBodies.isPresent(request);
    var rejection = head.check();
    if (rejection == null && received) {
      rejection = head.checkBodyType();
    }
    if (rejection != null) {
      reject(request, rejection);
    } else if (!received) {
      context.next();
    } else {
      bodies.receive(
          context,
          body -> {
            var ofBody = check(head, body);
            if (ofBody == null) {
              context.next();
            } else {
              reject(request, ofBody);
            }
          },
          status -> reject(request, Rejection.of(status)));
    }
  }

  /** Returns why a body is rejected, or null if it is accepted. */
  private static @Nullable Rejection check(RequestHead head, byte[] body) {
    if (head.isForm()) {
      // one character for each byte: escapes are decoded to bytes before these become characters
      return Parameters.checkForm(new String(body, StandardCharsets.ISO_8859_1));
    }
    if (head.isJson()) {
      var json = EncodedText.utf8(body);
      return json == null || JsonText.hasNul(json)
          ? Rejection.badRequest("The JSON document is malformed.")
          : null;
    }
    return null;
  }

  private static void reject(HttpServerRequest request, Rejection rejection) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Metrics.counter("rowlock.requests.rejected", "status", Integer.toString(rejection.status()))
        .increment();
    response
        .setStatusCode(rejection.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(HttpHeaders.CONNECTION, "close");
    if (rejection.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer error=\"%s\"".formatted(rejection.error()));
    } else if (rejection.status() == 503) {
      response.putHeader("Retry-After", "5");
    }
    response.end(rejection.json());
  }
}
