/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends a request with a problem of the catalogue. Has no stack trace, because it is a response and
 * not a defect.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem type;
  private final transient Map<String, Object> members;
  private final transient Map<String, String> headers;
  private final transient Map<String, String> challenge;

  /** Creates a problem without further members. */
  public ProblemException(Problem type) {
    this(type, List.of(), Map.of());
  }

  /** Creates a problem about invalid members of the request body. */
  public ProblemException(Problem type, List<FieldError> errors) {
    this(type, errors, Map.of());
  }

  /**
   * @param type the problem type
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
   * Creates a problem after which the same request may succeed later (RFC 9110 §10.2.3). The wait
   * is rounded up to seconds.
   */
  public static ProblemException retryAfter(Problem type, Duration wait) {
    var seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    return new ProblemException(type, List.of(), Map.of("Retry-After", Long.toString(seconds)));
  }

  /**
   * Creates a problem whose challenge has these parameters (RFC 9110 §11.6.1).
   *
   * @param challenge names and values; no value has a quote or a backslash
   */
  public static ProblemException challenge(Problem type, Map<String, String> challenge) {
    return new ProblemException(type, Map.of(), Map.of(), challenge);
  }

  /**
   * Creates a problem whose challenge has these parameters, and whose response body further members
   * (RFC 9457 §3.2).
   *
   * @param challenge names and values; no value has a quote or a backslash
   * @param members names and values
   */
  public static ProblemException challenge(
      Problem type, Map<String, String> challenge, Map<String, String> members) {
    return new ProblemException(type, members, Map.of(), challenge);
  }

  /**
   * Creates a problem with further members of the response body (RFC 9457 §3.2).
   *
   * @param members names and values
   */
  public static ProblemException withMembers(Problem type, Map<String, String> members) {
    return new ProblemException(type, members, Map.of(), Map.of());
  }

  /** Returns the problem type. */
  public Problem type() {
    return type;
  }

  /** Returns the response headers to add. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the parameters to add to the challenge, in order. */
  public Map<String, String> challenge() {
    return challenge;
  }

  /** Returns further members of the response body, in order. */
  Map<String, Object> members() {
    return members;
  }
}
