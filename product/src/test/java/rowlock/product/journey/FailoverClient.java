/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import rowlock.product.journey.LoadBalancer.Node;

/**
 * Sends requests to several nodes in turn, as a proxy together with a client. It uses the next node
 * if one refuses the connection or answers 503. If the connection breaks during a request, it
 * repeats the request only if that is idempotent.
 */
final class FailoverClient {
  private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(60);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(75);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final LoadBalancer nodes;

  FailoverClient(LoadBalancer nodes) {
    this.nodes = nodes;
  }

  /**
   * @param repeatable whether the request is idempotent
   */
  record Request(
      String method, String path, Map<String, String> headers, String body, boolean repeatable) {}

  /**
   * Records that the connection broke during a request.
   *
   * @param sent on the clock of {@link System#nanoTime}
   */
  record Broken(URI node, long sent, String why) {}

  /**
   * Records a request with all its repetitions.
   *
   * @param begun on the clock of {@link System#nanoTime}, as {@code ended}
   * @param status 0 if there was no response
   * @param broken connections that broke during the request
   * @param refused number of refused connections and 503 responses
   * @param failed number of 500 responses
   */
  record Call(
      String name,
      long begun,
      long ended,
      int status,
      String body,
      List<Broken> broken,
      int refused,
      int failed) {

    Duration took() {
      return Duration.ofNanos(ended - begun);
    }

    @Override
    public String toString() {
      return "%s: %d after %s, broken %s, refused %d, failed %d: %s"
          .formatted(
              name,
              status,
              took(),
              broken,
              refused,
              failed,
              // the body of a successful response may contain tokens
              status / 100 == 2 ? "" : body.substring(0, Math.min(200, body.length())));
    }
  }

  Call send(Request request) {
    return send(request, nodes::inTurn);
  }

  /** Sends a request to this node only. */
  Call sendTo(URI node, Request request) {
    return send(request, () -> List.of(new Node(node, node)));
  }

  private Call send(Request request, Supplier<List<Node>> able) {
    var begun = System.nanoTime();
    List<Broken> broken = new ArrayList<>();
    var refused = 0;
    var failed = 0;
    var status = 0;
    var body = "";
    do {
      for (var node : able.get()) {
        var sent = System.nanoTime();
        try {
          var answer = http.send(made(request, node), BodyHandlers.ofString());
          status = answer.statusCode();
          body = answer.body();
          if (status == 503) {
            refused++;
          } else if (status == 500 && request.repeatable()) {
            failed++;
          } else {
            return new Call(
                name(request), begun, System.nanoTime(), status, body, broken, refused, failed);
          }
        } catch (ConnectException | HttpConnectTimeoutException e) {
          refused++;
          nodes.markUnavailable(node);
        } catch (IOException e) {
          status = 0;
          body = e.toString();
          broken.add(new Broken(node.url(), sent, body));
          nodes.markUnavailable(node);
          if (!request.repeatable()) {
            return new Call(
                name(request), begun, System.nanoTime(), 0, body, broken, refused, failed);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    } while (System.nanoTime() - begun < CALL_LIMIT.toNanos());
    return new Call(name(request), begun, System.nanoTime(), status, body, broken, refused, failed);
  }

  private static String name(Request request) {
    return request.method() + " " + request.path().substring(request.path().lastIndexOf('/'));
  }

  private static HttpRequest made(Request request, Node node) {
    var made =
        HttpRequest.newBuilder(URI.create(node.url() + request.path()))
            .timeout(RESPONSE_LIMIT)
            .method(
                request.method(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.body()));
    request.headers().forEach(made::header);
    return made.build();
  }
}
