/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input.stock;

import io.netty.util.NetUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives request bodies on the event loop, so that a slow or incomplete body occupies no worker
 * thread. The server then reads the received body as if it came from the network. Thread-safe.
 */
public final class RequestBodies {
  private static final int MAX_BODY = 1 << 20;
  private static final long MAX_ALL = 64L << 20;

  /** Maximum for one network, and the share that it has even while the total is exceeded. */
  private static final long MAX_NETWORK = 8L << 20;

  private static final long ASSURED = 256L << 10;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AtomicLong held = new AtomicLong();
  private final Map<String, Long> heldByNetwork = new ConcurrentHashMap<>();

  /**
   * Returns whether the request has a body that can be received here. Excludes HTTP/2: the server
   * fails if such a body has been received before.
   */
  public static boolean isPresent(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_2
        && (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
            || !request.headers().getAll(HttpHeaders.CONTENT_LENGTH).stream()
                .allMatch("0"::equals));
  }

  /**
   * Receives the body.
   *
   * @param received called with the complete body, which the server then reads
   * @param failed called with the status of the answer: 400 for a malformed transfer coding, 408
   *     after ten seconds, 413 above 1 MiB, 503 while the bodies of one network exceed 8 MiB, or
   *     those of all requests 64 MiB and those of this network 256 KiB; not called if the peer has
   *     closed the connection
   */
  public void receive(RoutingContext context, Consumer<byte[]> received, IntConsumer failed) {
    var request = context.request();
    var announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null && (announced.length() > 9 || Long.parseLong(announced) > MAX_BODY)) {
      failed.accept(413);
      return;
    }
    var reception = new Reception(context, failed);
    context.addEndHandler(ended -> reception.release());
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

  /**
   * Returns an IPv4 address, or the /64 of an IPv6 address: the usual assignment of one customer.
   */
  private static String network(@Nullable SocketAddress peer) {
    var address = peer == null ? null : peer.hostAddress();
    if (address == null) {
      return "";
    }
    var bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null ? "" : HexFormat.of().formatHex(bytes, 0, Math.min(8, bytes.length));
  }

  private final class Reception {
    private final RoutingContext context;
    private final IntConsumer failed;
    private final long timer;
    private final Buffer body = Buffer.buffer();
    private final String network;
    private boolean over;

    Reception(RoutingContext context, IntConsumer failed) {
      this.context = context;
      this.failed = failed;
      this.network = network(context.request().remoteAddress());
      this.timer = context.vertx().setTimer(LIMIT.toMillis(), late -> fail(408));
    }

    void add(Buffer part) {
      if (over) {
        return;
      }
      body.appendBuffer(part);
      var all = held.addAndGet(part.length());
      var own = heldByNetwork.merge(network, (long) part.length(), Long::sum);
      if (own > MAX_NETWORK || (all > MAX_ALL && own > ASSURED)) {
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

    void release() {
      var size = body.length();
      held.addAndGet(-size);
      heldByNetwork.computeIfPresent(
          network, (key, own) -> own <= size ? null : Long.valueOf(own - size));
    }
  }
}
