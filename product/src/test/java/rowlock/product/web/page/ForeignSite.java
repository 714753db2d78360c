/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Somebody else's site. To a browser, 127.0.0.1 and localhost are as far apart as any two sites.
 */
final class ForeignSite implements AutoCloseable {

  private final HttpServer server;
  private final AtomicReference<String> page = new AtomicReference<>("");
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private ForeignSite(HttpServer server) {
    this.server = server;
  }

  static ForeignSite start() {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      ForeignSite site = new ForeignSite(server);
      server.createContext(
          "/",
          exchange -> {
            if (!exchange.getRequestURI().getPath().equals("/favicon.ico")) {
              site.asked.add(exchange.getRequestURI().toString());
            }
            byte[] body = site.page.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      return site;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With a slash at the end. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** What everybody gets from now on. */
  void page(String html) {
    page.set(html);
  }

  /** Everything that it was asked for. */
  List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
