/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request whose body of unknown length fails when it exceeds the limit. */
final class LimitedBody extends HttpServletRequestWrapper {
  private final int limit;
  private @Nullable ServletInputStream counted;

  LimitedBody(HttpServletRequest request, int limit) {
    super(request);
    this.limit = limit;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    var stream = counted;
    if (stream == null) {
      stream = new Counted(super.getInputStream(), limit);
      counted = stream;
    }
    return stream;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  private static final class Counted extends ServletInputStream {
    private final ServletInputStream source;
    private int left;

    Counted(ServletInputStream source, int limit) {
      this.source = source;
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      var value = source.read();
      if (value >= 0) {
        count(1);
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      var read = source.read(target, offset, length);
      if (read > 0) {
        count(read);
      }
      return read;
    }

    private void count(int read) throws ContentTooLargeException {
      left -= read;
      if (left < 0) {
        throw new ContentTooLargeException();
      }
    }

    @Override
    public boolean isFinished() {
      return source.isFinished();
    }

    @Override
    public boolean isReady() {
      return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      source.setReadListener(listener);
    }
  }
}
