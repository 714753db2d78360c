/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import java.util.Locale;

/**
 * A problem type (RFC 9457). Each service implements it in its own enum, in addition to {@link
 * HttpProblem}. The texts are fixed: they never contain parts of a request, a token or a library
 * message.
 */
public interface Problem {
  /** The name of the enum's constant, such as {@code NOT_FOUND}. */
  String name();

  /** The last part of the {@code type} URL, such as {@code not-found}. */
  default String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the members that are the same in each occurrence. */
  ProblemType type();

  /** Returns the HTTP status. */
  default int status() {
    return type().status();
  }

  /** Returns a short summary that never changes. */
  default String title() {
    return type().title();
  }

  /**
   * Returns advice for the developer of a client. The catalogue of a service may replace it; see
   * {@link ProblemCatalogue}.
   */
  default String detail() {
    return type().detail();
  }

  /** Returns the URL of the section of the standard behind the problem. */
  default String rfc() {
    return type().rfc();
  }
}
