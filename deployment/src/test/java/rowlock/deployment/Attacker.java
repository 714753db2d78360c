/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SubmissionPublisher;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Sends incomplete requests from one loopback address. */
final class Attacker implements AutoCloseable {
  private static final int ANSWER_LIMIT_MILLIS = 30_000;

  /** Small, so that an unread response stays at the server. */
  private static final int RECEIVE_BUFFER_BYTES = 4096;

  private final int port;
  private final InetAddress address;
  private final List<Socket> connections = new ArrayList<>();
  private final List<HttpClient> clients = new ArrayList<>();
  private final List<SubmissionPublisher<ByteBuffer>> bodies = new ArrayList<>();

  /** Connects to a proxy from an address such as 127.0.0.2. */
  Attacker(Haproxy proxy, String address) {
    this(proxy.port(), address);
  }

  /** Connects to a proxy on this port of 127.0.0.1. */
  Attacker(int port, String address) {
    this.port = port;
    this.address = InetAddress.ofLiteral(address);
  }

  /** Returns the headers of a request whose body will not follow. */
  static String incomplete(URI target) {
    return "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            .formatted(target.getRawPath(), target.getAuthority())
        + "Content-Length: 1000\r\n\r\ngrant_type=";
  }

  /**
   * Opens a connection and sends these bytes.
   *
   * @return whether the proxy has accepted the connection
   */
  boolean open(String bytes) throws GeneralSecurityException, IOException {
    var plain = new Socket();
    connections.add(plain);
    plain.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    plain.bind(new InetSocketAddress(address, 0));
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    plain.setSoTimeout(ANSWER_LIMIT_MILLIS);
    var socket =
        (SSLSocket)
            SSLContext.getDefault()
                .getSocketFactory()
                .createSocket(plain, "login.localhost", port, true);
    try {
      socket.startHandshake();
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return false;
    }
    connections.set(connections.size() - 1, socket);
    return true;
  }

  /** Sends HTTP/2 requests without a content length, whose bodies start but do not end. */
  void openStreams(URI target, int connectionCount, int streamsOfEach) {
    for (var connection = 0; connection < connectionCount; connection++) {
      var client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).localAddress(address).build();
      clients.add(client);
      // the first stream opens the connection for all others
      client
          .sendAsync(HttpRequest.newBuilder(target.resolve("/")).build(), BodyHandlers.discarding())
          .exceptionally(failed -> null)
          .join();
      for (var stream = 0; stream < streamsOfEach; stream++) {
        SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>();
        bodies.add(body);
        client.sendAsync(
            HttpRequest.newBuilder(target).POST(BodyPublishers.fromPublisher(body)).build(),
            BodyHandlers.discarding());
        body.submit(ByteBuffer.wrap("grant_type=".getBytes(StandardCharsets.US_ASCII)));
      }
    }
  }

  /**
   * Returns the status of each connection's response, or 0 if the connection was closed without
   * one.
   */
  List<Integer> statuses() throws IOException {
    List<Integer> statuses = new ArrayList<>();
    for (var connection : connections) {
      var line = new String(connection.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      statuses.add(line.length() < 12 ? 0 : Integer.parseInt(line.substring(9)));
    }
    return statuses;
  }

  @Override
  public void close() {
    bodies.forEach(body -> body.closeExceptionally(new IOException("the test has ended")));
    clients.forEach(HttpClient::shutdownNow);
    for (var connection : connections) {
      try {
        connection.close();
      } catch (IOException e) {
        // already closed
      }
    }
  }
}
