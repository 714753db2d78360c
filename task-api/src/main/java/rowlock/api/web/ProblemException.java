/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem of the catalogue. Carries no stack trace: it is an answer. */
public final class ProblemException extends RuntimeException {

  private final ProblemType type;
  private final List<FieldError> errors;
  private final Map<String, String> headers;

  /** A problem that its type says all about. */
  public ProblemException(ProblemType type) {
    this(type, List.of(), Map.of());
  }

  /** A body with members that cannot be accepted. */
  public ProblemException(ProblemType type, List<FieldError> errors) {
    this(type, errors, Map.of());
  }

  /**
   * @param type which problem
   * @param errors the members of the body that are wrong, empty when it is not about the body
   * @param headers response headers to add, such as {@code Retry-After}
   */
  public ProblemException(ProblemType type, List<FieldError> errors, Map<String, String> headers) {
    super(type.title(), null, false, false);
    this.type = type;
    this.errors = List.copyOf(errors);
    this.headers = Map.copyOf(headers);
  }

  /** The same request may succeed later (RFC 9110 section 10.2.3). */
  public static ProblemException retryAfter(ProblemType type, Duration wait) {
    return new ProblemException(
        type, List.of(), Map.of("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
  }

  /** Which problem. */
  public ProblemType type() {
    return type;
  }

  /** The members of the body that are wrong. */
  public List<FieldError> errors() {
    return errors;
  }

  /** Response headers to add. */
  public Map<String, String> headers() {
    return headers;
  }
}
