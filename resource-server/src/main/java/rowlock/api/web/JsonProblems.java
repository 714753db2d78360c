/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rowlock.problem.FieldError;
import rowlock.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Reports which JSON member is invalid, without texts of the parser. */
final class JsonProblems {
  private JsonProblems() {}

  /**
   * Returns 400 for malformed JSON, and 422 with a pointer to the member for JSON of the wrong
   * shape.
   */
  static ProblemException of(@Nullable Throwable cause) {
    var wrongShape = cause instanceof DatabindException || cause instanceof InputCoercionException;
    if (wrongShape && cause instanceof JacksonException wrong && !isTrailingToken(wrong)) {
      return new ProblemException(
          ApiProblem.INVALID_CONTENT,
          List.of(new FieldError(pointer(wrong.getPath()), detail(wrong))));
    }
    return new ProblemException(ApiProblem.MALFORMED_JSON);
  }

  /** A second value after the first is malformed JSON, although the parser reports a mismatch. */
  private static boolean isTrailingToken(JacksonException wrong) {
    return wrong instanceof MismatchedInputException
        && wrong.getPath().isEmpty()
        && wrong.getOriginalMessage().startsWith("Trailing token");
  }

  /** Returns a JSON Pointer (RFC 6901 §3). */
  private static String pointer(List<JacksonException.Reference> path) {
    var pointer = new StringBuilder();
    for (var step : path) {
      var name = step.getPropertyName();
      pointer.append('/');
      if (name == null) {
        pointer.append(step.getIndex());
      } else {
        var shown = name.length() > 64 ? name.substring(0, 64) : name;
        pointer.append(shown.replace("~", "~0").replace("/", "~1"));
      }
    }
    return pointer.toString();
  }

  private static String detail(JacksonException wrong) {
    return switch (wrong) {
      case UnrecognizedPropertyException unknown -> "is not a member that can be set";
      case InvalidNullException isNull -> "must not be null";
      case InputCoercionException number -> expected(number.getTargetType());
      case MismatchedInputException mismatch -> expected(mismatch.getTargetType());
      default -> "is invalid";
    };
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "has the wrong type";
    }
    if (type == String.class) {
      return "must be a string of Unicode text without NUL";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "must be true or false";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "must be a number in range";
    }
    return type.isRecord() ? "must be an object" : "has the wrong type or format";
  }
}
