/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Receives request bodies on the event loop, so that a slow or incomplete body occupies no worker
 * thread. The server reads the received body as if it came from the network. Thread-safe.
 */
public final class RequestBodies {
  private static final int MAX_BODY = 1 << 20;
  private static final long MAX_ALL = 64L << 20;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AtomicLong held = new AtomicLong();

  /** Returns whether the request announces a body. */
  public static boolean isPresent(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || !request.headers().getAll(HttpHeaders.CONTENT_LENGTH).stream().allMatch("0"::equals)
        || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
  }

  /**
   * Receives the body.
   *
   * @param received called with the complete body, which the server then reads
   * @param failed called with the status of the answer: 400 for a malformed transfer coding, 408
   *     after ten seconds, 413 above 1 MiB, 503 while the bodies of all requests exceed 64 MiB; not
   *     called if the peer has closed the connection
   */
  public void receive(RoutingContext context, Consumer<byte[]> received, IntConsumer failed) {
    var request = context.request();
    var announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null && (announced.length() > 9 || Long.parseLong(announced) > MAX_BODY)) {
      failed.accept(413);
      return;
    }
    var reception = new Reception(context, failed);
    context.addEndHandler(ended -> held.addAndGet(-reception.size()));
    request.handler(reception::add);
    request.exceptionHandler(broken -> reception.fail(400));
    request.endHandler(
        end -> {
          if (reception.finish()) {
            var body = reception.body;
            ((RoutingContextInternal) context).setBody(body);
            received.accept(body.getBytes());
          }
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  private final class Reception {
    private final RoutingContext context;
    private final IntConsumer failed;
    private final long timer;
    private final Buffer body = Buffer.buffer();
    private boolean over;

    Reception(RoutingContext context, IntConsumer failed) {
      this.context = context;
      this.failed = failed;
      this.timer = context.vertx().setTimer(LIMIT.toMillis(), late -> fail(408));
    }

    void add(Buffer part) {
      if (over) {
        return;
      }
      body.appendBuffer(part);
      if (held.addAndGet(part.length()) > MAX_ALL) {
        fail(503);
      } else if (body.length() > MAX_BODY) {
        fail(413);
      }
    }

    boolean finish() {
      var first = !over;
      over = true;
      context.vertx().cancelTimer(timer);
      return first;
    }

    void fail(int status) {
      if (finish() && !context.response().closed()) {
        failed.accept(status);
      }
    }

    int size() {
      return body.length();
    }
  }
}
