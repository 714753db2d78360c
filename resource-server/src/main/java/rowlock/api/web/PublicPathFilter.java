/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/**
 * Presents the path of the public URL as the context path of a request, for libraries that build
 * addresses from the request.
 */
final class PublicPathFilter implements Filter {
  private final String prefix;

  /**
   * @param prefix path of the public URL, without a slash at the end
   */
  PublicPathFilter(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(new Prefixed((HttpServletRequest) request, prefix), response);
  }

  private static final class Prefixed extends HttpServletRequestWrapper {
    private final String prefix;

    Prefixed(HttpServletRequest request, String prefix) {
      super(request);
      this.prefix = prefix;
    }

    @Override
    public String getContextPath() {
      return prefix;
    }

    @Override
    public String getRequestURI() {
      return prefix + super.getRequestURI();
    }
  }
}
