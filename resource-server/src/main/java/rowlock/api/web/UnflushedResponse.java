/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.problem.ProblemWriter;

/**
 * A response whose JSON is not flushed before its end. The container then sends a response that
 * fits its buffer in one write and with a {@code Content-Length} (RFC 9110 §8.6) instead of two
 * chunks. Other types, such as {@code text/event-stream} and {@code application/x-ndjson}, are
 * flushed as usual.
 */
final class UnflushedResponse extends HttpServletResponseWrapper {
  private static final Set<String> UNFLUSHED = Set.of("application/json", ProblemWriter.MEDIA_TYPE);

  private @Nullable ServletOutputStream stream;

  UnflushedResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    var opened = stream;
    if (opened == null) {
      opened = new Stream(super.getOutputStream());
      stream = opened;
    }
    return opened;
  }

  @Override
  public void flushBuffer() throws IOException {
    if (!isJson()) {
      super.flushBuffer();
    }
  }

  @Override
  public void reset() {
    super.reset();
    stream = null;
  }

  private boolean isJson() {
    var type = getContentType();
    if (type == null) {
      return false;
    }
    var end = type.indexOf(';');
    return UNFLUSHED.contains((end < 0 ? type : type.substring(0, end)).strip());
  }

  private final class Stream extends ServletOutputStream {
    private final ServletOutputStream target;

    private Stream(ServletOutputStream target) {
      this.target = target;
    }

    @Override
    public void flush() throws IOException {
      if (!isJson()) {
        target.flush();
      }
    }

    @Override
    public void write(int octet) throws IOException {
      target.write(octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      target.write(octets, offset, length);
    }

    @Override
    public void close() throws IOException {
      target.close();
    }

    @Override
    public boolean isReady() {
      return target.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      target.setWriteListener(listener);
    }
  }
}
