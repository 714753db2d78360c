/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All problems of a service: those of HTTP, and its own. Immutable. */
public final class ProblemCatalogue {
  private final List<Problem> problems;
  private final Map<HttpProblem, String> details;

  /**
   * @param own the problems of the service, beside all of {@link HttpProblem}
   * @param details texts that replace {@link HttpProblem#detail()}, where the service can be more
   *     specific
   */
  public ProblemCatalogue(Collection<? extends Problem> own, Map<HttpProblem, String> details) {
    this.problems =
        Stream.concat(Stream.of(HttpProblem.values()), own.stream())
            .sorted(Comparator.comparingInt(Problem::status))
            .toList();
    this.details = Map.copyOf(details);
  }

  /**
   * Returns all problems in the order of their status; with the same status, that of HTTP is the
   * first.
   */
  public List<Problem> problems() {
    return problems;
  }

  /** Returns the problem with this code, or null if there is none. */
  public @Nullable Problem find(String code) {
    return problems.stream()
        .filter(problem -> problem.code().equals(code))
        .findFirst()
        .orElse(null);
  }

  /** Returns the detail of a problem in the words of this service. */
  public String detail(Problem problem) {
    return problem instanceof HttpProblem http
        ? details.getOrDefault(http, http.detail())
        : problem.detail();
  }

  /**
   * Returns the problem for an HTTP status. A status without a problem of its own is a bad request
   * from 400 to 499, and an internal error outside this range.
   */
  public Problem ofStatus(int status) {
    return problems.stream()
        .filter(problem -> problem.status() == status)
        .findFirst()
        .orElse(
            status >= 400 && status < 500 ? HttpProblem.BAD_REQUEST : HttpProblem.INTERNAL_ERROR);
  }
}
