/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem of the catalogue. Carries no stack trace: it is an answer. */
public final class ProblemException extends RuntimeException {

  private final ProblemType type;
  private final List<FieldError> errors;
  private final Map<String, String> headers;
  private final Map<String, String> challenge;

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
    this(type, errors, headers, Map.of());
  }

  private ProblemException(
      ProblemType type,
      List<FieldError> errors,
      Map<String, String> headers,
      Map<String, String> challenge) {
    super(type.title(), null, false, false);
    this.type = type;
    this.errors = List.copyOf(errors);
    this.headers = Map.copyOf(headers);
    this.challenge = Collections.unmodifiableMap(new LinkedHashMap<>(challenge));
  }

  /**
   * The same request may succeed after this wait (RFC 9110 section 10.2.3), rounded up to seconds.
   */
  public static ProblemException retryAfter(ProblemType type, Duration wait) {
    long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    return new ProblemException(type, List.of(), Map.of("Retry-After", Long.toString(seconds)));
  }

  /**
   * Other credentials are needed, and these parameters of the challenge say which (RFC 9110 section
   * 11.6.1).
   *
   * @param challenge names and values; no value has a quote or a backslash
   */
  public static ProblemException challenge(ProblemType type, Map<String, String> challenge) {
    return new ProblemException(type, List.of(), Map.of(), challenge);
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

  /** What is to be added to the challenge, in order. */
  Map<String, String> challenge() {
    return challenge;
  }
}
