/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem of the catalogue. Carries no stack trace: it is an answer. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem type;
  private final transient Map<String, Object> members;
  private final transient Map<String, String> headers;
  private final transient Map<String, String> challenge;

  /** A problem that its type says all about. */
  public ProblemException(Problem type) {
    this(type, List.of(), Map.of());
  }

  /** A body with members that cannot be accepted. */
  public ProblemException(Problem type, List<FieldError> errors) {
    this(type, errors, Map.of());
  }

  /**
   * @param type which problem
   * @param errors the members of the request body that are wrong, empty when it is not about the
   *     body
   * @param headers response headers to add, such as {@code Retry-After}
   */
  public ProblemException(Problem type, List<FieldError> errors, Map<String, String> headers) {
    this(
        type,
        errors.isEmpty() ? Map.of() : Map.of("errors", List.copyOf(errors)),
        headers,
        Map.of());
  }

  private ProblemException(
      Problem type,
      Map<String, ?> members,
      Map<String, String> headers,
      Map<String, String> challenge) {
    super(type.title(), null, false, false);
    this.type = type;
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    this.headers = Map.copyOf(headers);
    this.challenge = Collections.unmodifiableMap(new LinkedHashMap<>(challenge));
  }

  /**
   * The same request may succeed after this wait (RFC 9110 section 10.2.3), rounded up to seconds.
   */
  public static ProblemException retryAfter(Problem type, Duration wait) {
    long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    return new ProblemException(type, List.of(), Map.of("Retry-After", Long.toString(seconds)));
  }

  /**
   * Other credentials are needed, and these parameters of the challenge say which (RFC 9110 section
   * 11.6.1).
   *
   * @param challenge names and values; no value has a quote or a backslash
   */
  public static ProblemException challenge(Problem type, Map<String, String> challenge) {
    return new ProblemException(type, Map.of(), Map.of(), challenge);
  }

  /**
   * A problem with further members of the response body (RFC 9457 section 3.2).
   *
   * @param members names and values
   */
  public static ProblemException withMembers(Problem type, Map<String, String> members) {
    return new ProblemException(type, members, Map.of(), Map.of());
  }

  /** Which problem. */
  public Problem type() {
    return type;
  }

  /** Response headers to add. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Parameters to add to the challenge, in order. */
  public Map<String, String> challenge() {
    return challenge;
  }

  /** Further members of the response body, in order. */
  Map<String, Object> members() {
    return members;
  }
}
