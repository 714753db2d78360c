/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import rowlock.web.settings.ServerSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes problems (RFC 9457): as JSON, and as a page if a browser navigated to the address, because
 * its user can do nothing with JSON.
 */
@Component
public final class ProblemWriter {

  /** The media type of every error. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private final JsonMapper json = JsonMapper.builder().build();
  private final String pages;
  private final ObjectProvider<ProblemPage> html;

  ProblemWriter(ServerSettings settings, ObjectProvider<ProblemPage> html) {
    this.pages = settings.publicUrl() + "/problems/";
    this.html = html;
  }

  /** Answers with a problem that its type says all about. */
  public void write(HttpServletResponse response, ProblemType type) throws IOException {
    write(response, type, Map.of());
  }

  /** The same request may succeed after this wait, in full seconds (RFC 9110 section 10.2.3). */
  public void writeRetry(HttpServletResponse response, ProblemType type, Duration wait)
      throws IOException {
    response.setHeader(
        "Retry-After", Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds())));
    write(response, type, Map.of());
  }

  /**
   * Answers with a problem.
   *
   * @param members further members of the body (RFC 9457 section 3.2)
   */
  public void write(HttpServletResponse response, ProblemType type, Map<String, String> members)
      throws IOException {
    if (response.isCommitted()) {
      return; // half an answer is out; the connection is all that can still be ended
    }
    byte[] page = page(type);
    byte[] body = page == null ? body(type, members) : page;
    response.resetBuffer();
    response.setStatus(type.status());
    response.setHeader("Cache-Control", "no-store");
    response.setContentType(page == null ? MEDIA_TYPE : "text/html;charset=UTF-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private byte @Nullable [] page(ProblemType type) {
    if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current)
        || !"navigate".equals(current.getRequest().getHeader("Sec-Fetch-Mode"))) {
      return null;
    }
    ProblemPage page = html.getIfAvailable();
    return page == null ? null : page.of(type, current.getRequest().getLocale());
  }

  /** The JSON text of a problem, in UTF-8. */
  byte[] body(ProblemType type, Map<String, String> members) {
    ObjectNode problem =
        json.createObjectNode()
            .put("type", pages + type.code())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", type.detail())
            .put("rfc", type.rfc());
    members.forEach(problem::put);
    return problem.toString().getBytes(StandardCharsets.UTF_8);
  }
}
