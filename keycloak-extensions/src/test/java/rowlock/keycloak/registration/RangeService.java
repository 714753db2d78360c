/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A range look-up on this machine, which records its requests. */
public final class RangeService {
  /** The service that the server of these tests uses. */
  public static final RangeService SHARED = new RangeService();

  /** Answered with a hit. */
  public static final String LEAKED = "a phrase that the range knows";

  /** Answered with a line of padding only. */
  public static final String PADDED = "a phrase that is padding";

  /** Never answered. */
  public static final String HANGING = "a phrase without an answer";

  /** Answered byte by byte, over half a minute. */
  public static final String DRIPPING = "a phrase that drips";

  /** Answered with an error. */
  public static final String BROKEN = "a phrase that breaks the range";

  private static final int PREFIX = 5;
  private static final int DRIPS = 150;

  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private RangeService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/range/", this::answer);
    server.start();
  }

  /** Returns the address of the service. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/range/";
  }

  /** Returns the paths of all requests. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Returns the hash in upper case. */
  public static String sha1(String password) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(password.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    asked.add(path);
    if (path.endsWith(prefix(HANGING))) {
      return;
    }
    if (path.endsWith(prefix(DRIPPING))) {
      exchange.sendResponseHeaders(200, DRIPS);
      drip(exchange, DRIPS);
      return;
    }
    var status = path.endsWith(prefix(BROKEN)) ? 503 : 200;
    var lines =
        "0".repeat(35)
            + ":0\r\n"
            + sha1(LEAKED).substring(PREFIX)
            + ":12\r\n"
            + sha1(PADDED).substring(PREFIX)
            + ":0";
    var body = lines.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void drip(HttpExchange exchange, int left) {
    CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              try {
                exchange.getResponseBody().write('0');
                exchange.getResponseBody().flush();
                if (left > 1) {
                  drip(exchange, left - 1);
                } else {
                  exchange.close();
                }
              } catch (IOException e) {
                // the client has closed the connection
                exchange.close();
              }
            });
  }

  private static String prefix(String password) {
    return "/" + sha1(password).substring(0, PREFIX);
  }
}
