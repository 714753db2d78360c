/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.jspecify.annotations.Nullable;
import rowlock.problem.HttpProblem;

/**
 * The body of a request. A short one is read first, so that it can be sent a second time; a long
 * one flows through, and never more of it than the limit.
 */
final class RequestBody {

  private static final int SHORT = 64 * 1024;

  private final @Nullable HttpEntity entity;

  private RequestBody(@Nullable HttpEntity entity) {
    this.entity = entity;
  }

  static RequestBody of(HttpServletRequest request, int limit) throws IOException {
    long length = request.getContentLengthLong();
    boolean none = length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null);
    if (none) {
      return new RequestBody(null);
    }
    if (length > limit) {
      throw new ClientBodyException(HttpProblem.CONTENT_TOO_LARGE);
    }
    InputStream body = new FromClient(request.getInputStream(), limit);
    byte[] start = body.readNBytes(SHORT);
    if (start.length < SHORT) {
      return new RequestBody(new ByteArrayEntity(start, null));
    }
    return new RequestBody(
        new InputStreamEntity(
            new SequenceInputStream(new ByteArrayInputStream(start), body), length, null));
  }

  /** Null when there is none. */
  @Nullable HttpEntity entity() {
    return entity;
  }

  boolean isRepeatable() {
    return entity == null || entity.isRepeatable();
  }

  /** Tells whose fault it is when reading fails, and counts. */
  private static final class FromClient extends FilterInputStream {

    private long left;

    FromClient(InputStream source, int limit) {
      super(source);
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read;
      try {
        read = super.read(target, offset, length);
      } catch (SocketTimeoutException slow) {
        throw new ClientBodyException(HttpProblem.REQUEST_TIMEOUT, slow);
      } catch (IOException broken) {
        throw new ClientBodyException(HttpProblem.BAD_REQUEST, broken);
      }
      left -= Math.max(0, read);
      if (left < 0) {
        throw new ClientBodyException(HttpProblem.CONTENT_TOO_LARGE);
      }
      return read;
    }
  }
}
