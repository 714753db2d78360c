/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import rowlock.problem.Problem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemPresentation;

/**
 * Presents a problem as HTML if a browser navigated to the address, because its user cannot use
 * JSON. Neither form may be cached.
 */
final class PagePresentation implements ProblemPresentation {
  private final ObjectProvider<ProblemPage> html;

  PagePresentation(ObjectProvider<ProblemPage> html) {
    this.html = html;
  }

  @Override
  public void addHeaders(HttpServletResponse response, ProblemException problem) {
    response.setHeader("Cache-Control", "no-store");
  }

  @Override
  public byte @Nullable [] page(Problem problem) {
    if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current)
        || !"navigate".equals(current.getRequest().getHeader("Sec-Fetch-Mode"))) {
      return null;
    }
    var page = html.getIfAvailable();
    return page == null ? null : page.of(problem, current.getRequest().getLocale());
  }
}
