/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes problems (RFC 9457). A problem without members of its own has the same bytes in every
 * response.
 */
public final class ProblemWriter {
  /** The media type of every error. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private final JsonMapper json = JsonMapper.builder().build();
  private final ProblemCatalogue catalogue;
  private final String pages;
  private final ProblemPresentation presentation;
  private final Map<Problem, byte[]> bodies = new HashMap<>();

  /**
   * @param publicUrl the address of the service, without a slash at the end; the pages of the
   *     problems are below it
   */
  public ProblemWriter(
      ProblemCatalogue catalogue, URI publicUrl, ProblemPresentation presentation) {
    this.catalogue = catalogue;
    this.pages = publicUrl + "/problems/";
    this.presentation = presentation;
    for (var type : catalogue.problems()) {
      bodies.put(type, render(type, Map.of()));
    }
  }

  /** Writes a problem without further members. */
  public void write(HttpServletResponse response, Problem type) throws IOException {
    write(response, new ProblemException(type));
  }

  /** Writes a problem with {@code Retry-After}. */
  public void writeRetry(HttpServletResponse response, Problem type, Duration wait)
      throws IOException {
    write(response, ProblemException.retryAfter(type, wait));
  }

  /**
   * Writes the problem, its headers and its members. Does nothing if the response is committed:
   * only the connection can be closed then.
   */
  public void write(HttpServletResponse response, ProblemException problem) throws IOException {
    if (response.isCommitted()) {
      return;
    }
    var type = problem.type();
    problem.headers().forEach(response::setHeader);
    presentation.addHeaders(response, problem);
    var page = presentation.page(type);
    var body = page == null ? body(problem) : page;
    response.resetBuffer();
    response.setStatus(type.status());
    response.setContentType(page == null ? MEDIA_TYPE : "text/html;charset=UTF-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** Returns the JSON text of a problem, in UTF-8. */
  public byte[] body(Problem type) {
    var fixed = bodies.get(type);
    return fixed == null ? render(type, Map.of()) : fixed.clone();
  }

  /** Returns the problem for an HTTP status. */
  Problem ofStatus(int status) {
    return catalogue.ofStatus(status);
  }

  private byte[] body(ProblemException problem) {
    byte[] fixed = problem.members().isEmpty() ? bodies.get(problem.type()) : null;
    return fixed == null ? render(problem.type(), problem.members()) : fixed;
  }

  private byte[] render(Problem type, Map<String, Object> members) {
    var problem =
        json.createObjectNode()
            .put("type", pages + type.code())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", catalogue.detail(type))
            .put("rfc", type.rfc());
    members.forEach((name, value) -> problem.set(name, json.valueToTree(value)));
    return problem.toString().getBytes(StandardCharsets.UTF_8);
  }
}
