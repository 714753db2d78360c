/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessException;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;
import rowlock.api.owner.Owner;
import rowlock.api.resource.EntityTags;
import rowlock.api.web.ApiProblem;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemMapping;
import rowlock.problem.ProblemWriter;

/**
 * Answers a missing task or a failed precondition before an invalid body. The body is read before
 * the task, so that a valid request costs one round trip; only for an invalid body this resolver
 * queries the task.
 */
@Component
final class MissingTaskExceptionResolver implements HandlerExceptionResolver, Ordered {
  private final TaskRepository tasks;
  private final ProblemWriter problems;
  private final List<ProblemMapping> mappings;

  MissingTaskExceptionResolver(
      TaskRepository tasks, ProblemWriter problems, List<ProblemMapping> mappings) {
    this.tasks = tasks;
    this.problems = problems;
    this.mappings = List.copyOf(mappings);
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!(handler instanceof HandlerMethod method)
        || method.getBeanType() != TaskController.class
        || !isAboutBody(failure)
        || !(request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables)
        || !(variables.get(TaskController.ID) instanceof String id)) {
      return null;
    }
    var first = before(request, TaskController.idOf(id));
    if (first == null) {
      return null; // only the body is invalid
    }
    try {
      problems.write(response, first);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }

  private static boolean isAboutBody(Exception failure) {
    return failure instanceof HttpMessageNotReadableException
        || (failure instanceof ProblemException problem
            && problem.type() == ApiProblem.INVALID_CONTENT);
  }

  private @Nullable ProblemException before(HttpServletRequest request, UUID id) {
    try {
      var task = tasks.find(Owner.current().id(), id);
      if (task == null) {
        return new ProblemException(HttpProblem.NOT_FOUND);
      }
      return EntityTags.allows(request, task.version())
          ? null
          : new ProblemException(ApiProblem.PRECONDITION_FAILED);
    } catch (ProblemException e) {
      return e;
    } catch (DataAccessException e) {
      return mappings.stream()
          .map(mapping -> mapping.problemOf(e))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
  }
}
