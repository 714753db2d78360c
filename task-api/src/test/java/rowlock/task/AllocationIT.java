/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import rowlock.api.test.RowlockTest;

/**
 * Limits the memory that a request allocates. Unlike its CPU time, it is the same on each machine
 * and under each load, and rises with most of what makes a request slower: another filter, another
 * proxy, another conversion.
 */
@RowlockTest(
    classes = TaskApiApplication.class,
    // a virtual thread that waits has its stack on the heap, and compiled frames are smaller
    properties = "spring.threads.virtual.enabled=false")
class AllocationIT extends TaskClient {
  /**
   * Number of bytes that reading one task allocates, with the optimizations of the first compiler
   * only. If a change is worth more, write the new number here and the reason into the commit.
   */
  private static final long BYTES_OF_GET = 33_000;

  private static final int PERCENT = 10;
  private static final int WARM_UP = 3_000;
  private static final int REQUESTS = 1_000;
  private static final int ATTEMPTS = 3;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

  private final byte[] buffer = new byte[8192];

  @Test
  void get_allocatesNoMoreThanBefore() throws IOException {
    var path = path(create("Milk"));
    var request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: */*\r\n\r\n"
            .formatted(path, token())
            .getBytes(US_ASCII);
    try (var connection = new Socket("localhost", client.uri("/").getPort())) {
      connection.setSoTimeout(TIMEOUT_MILLIS);
      var length = firstResponse(connection, request);
      exchange(connection, request, length, WARM_UP);

      var least = Long.MAX_VALUE; // others use this JVM too
      for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
        var before = allocated();
        exchange(connection, request, length, REQUESTS);
        least = Math.min(least, (allocated() - before) / REQUESTS);
      }

      assertThat(least)
          .as("bytes allocated by one request")
          .isLessThan(BYTES_OF_GET * (100 + PERCENT) / 100);
    }
  }

  /** Returns the number of bytes of a response. All are equally long. */
  private int firstResponse(Socket connection, byte[] request) throws IOException {
    connection.getOutputStream().write(request);
    var read = 0;
    while (true) {
      read += read(connection, read, buffer.length - read);
      var text = new String(buffer, 0, read, US_ASCII);
      var body = text.indexOf("\r\n\r\n") + 4;
      var length = LENGTH.matcher(text);
      if (body >= 4) {
        assertThat(text).startsWith("HTTP/1.1 200");
        assertThat(length.find()).isTrue();
        var total = body + Integer.parseInt(length.group(1));
        while (read < total) {
          read += read(connection, read, total - read);
        }
        return total;
      }
    }
  }

  /** Sends requests one after the other. Allocates nothing itself. */
  private void exchange(Socket connection, byte[] request, int length, int times)
      throws IOException {
    for (var i = 0; i < times; i++) {
      connection.getOutputStream().write(request);
      for (var read = 0; read < length; ) {
        read += read(connection, 0, length - read);
      }
      if (buffer[9] != '2') {
        throw new IOException("The server answered " + new String(buffer, 0, length, US_ASCII));
      }
    }
  }

  private int read(Socket connection, int offset, int maximum) throws IOException {
    var read = connection.getInputStream().read(buffer, offset, maximum);
    if (read < 0) {
      throw new EOFException("The server closed the connection");
    }
    return read;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }
}
