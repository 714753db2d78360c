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

/** Another site. To a browser, 127.0.0.1 and localhost are different sites. */
final class ForeignSite implements AutoCloseable {
  private final HttpServer server;
  private final AtomicReference<String> page = new AtomicReference<>("");
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private ForeignSite(HttpServer server) {
    this.server = server;
  }

  static ForeignSite start() {
    try {
      var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      var site = new ForeignSite(server);
      server.createContext(
          "/",
          exchange -> {
            if (!exchange.getRequestURI().getPath().equals("/favicon.ico")) {
              site.requests.add(exchange.getRequestURI().toString());
            }
            var body = site.page.get().getBytes(StandardCharsets.UTF_8);
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

  /** Returns the address with a slash at the end. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Sets the page that all requests receive. */
  void page(String html) {
    page.set(html);
  }

  /** Returns all requested paths. */
  List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
