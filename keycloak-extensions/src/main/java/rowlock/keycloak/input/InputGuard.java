/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
            Optional.ofNullable(request.path()).orElse(""),
            Optional.ofNullable(request.query()).orElse(""),
            name -> request.headers().getAll(name));
    if (head.isDeviceAuthorization()) {
      request.headers().remove(HttpHeaders.ACCEPT);
    }
    var received = !head.isAdministration() && RequestBodies.isPresent(request);
    var rejection = head.check().or(() -> received ? head.checkBodyType() : Optional.empty());
    if (rejection.isPresent()) {
      reject(request, rejection.get());
    } else if (!received) {
      context.next();
    } else {
      bodies.receive(
          context,
          body -> check(head, body).ifPresentOrElse(found -> reject(request, found), context::next),
          status -> reject(request, Rejection.of(status)));
    }
  }

  private static Optional<Rejection> check(RequestHead head, byte[] body) {
    if (head.isForm()) {
      // one character for each byte: escapes are decoded to bytes before these become characters
      return Parameters.checkForm(new String(body, StandardCharsets.ISO_8859_1));
    }
    if (head.isJson()) {
      return EncodedText.utf8(body).filter(json -> !JsonText.hasNul(json)).isPresent()
          ? Optional.empty()
          : Optional.of(Rejection.badRequest("The JSON document is malformed."));
    }
    return Optional.empty();
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
