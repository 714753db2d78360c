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
 * Body of a relayed request. A short body is buffered, so that it can be sent again. A longer one
 * is streamed up to the limit.
 */
final class RequestBody {
  private static final int BUFFER_LIMIT = 64 * 1024;

  private final @Nullable HttpEntity entity;

  private RequestBody(@Nullable HttpEntity entity) {
    this.entity = entity;
  }

  static RequestBody of(HttpServletRequest request, int limit) throws IOException {
    var length = request.getContentLengthLong();
    var none = length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null);
    if (none) {
      return new RequestBody(null);
    }
    if (length > limit) {
      throw new RequestBodyException(HttpProblem.CONTENT_TOO_LARGE);
    }
    var body = new LimitedInput(request.getInputStream(), limit);
    var start = body.readNBytes(BUFFER_LIMIT);
    if (start.length < BUFFER_LIMIT) {
      return new RequestBody(new ByteArrayEntity(start, null));
    }
    return new RequestBody(
        new InputStreamEntity(
            new SequenceInputStream(new ByteArrayInputStream(start), body), length, null));
  }

  /** Returns the entity, or null if the request has no body. */
  @Nullable HttpEntity entity() {
    return entity;
  }

  boolean isRepeatable() {
    return entity == null || entity.isRepeatable();
  }

  /** Limits the size of the body and marks failures to read it as failures of the browser. */
  private static final class LimitedInput extends FilterInputStream {
    private long remaining;

    LimitedInput(InputStream source, int limit) {
      super(source);
      this.remaining = limit;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read;
      try {
        read = super.read(target, offset, length);
      } catch (SocketTimeoutException e) {
        throw new RequestBodyException(HttpProblem.REQUEST_TIMEOUT, e);
      } catch (IOException e) {
        throw new RequestBodyException(HttpProblem.BAD_REQUEST, e);
      }
      remaining -= Math.max(0, read);
      if (remaining < 0) {
        throw new RequestBodyException(HttpProblem.CONTENT_TOO_LARGE);
      }
      return read;
    }
  }
}
