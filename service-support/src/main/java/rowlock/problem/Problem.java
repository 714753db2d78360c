/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import java.util.Locale;

/**
 * A problem type (RFC 9457). Each service implements it in an enum of its own, beside {@link
 * HttpProblem}. The texts are fixed: nothing of a request, a token or a library ever gets into one.
 */
public interface Problem {

  /** The name of the enum's constant, such as {@code NOT_FOUND}. */
  String name();

  /** The last part of the {@code type} URL, such as {@code not-found}. */
  default String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The HTTP status. */
  int status();

  /** A short summary that never changes. */
  String title();

  /** What a client's developer should know, unless the catalogue of a service replaces it. */
  String detail();

  /** The section of the standard behind it. */
  String rfc();
}
