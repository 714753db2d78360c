/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.Map;

/** Ends a request with a problem of the catalogue. Carries no stack trace: it is an answer. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ProblemType type;
  private final transient Map<String, String> members;

  /** A problem that its type says all about. */
  public ProblemException(ProblemType type) {
    this(type, Map.of());
  }

  /**
   * @param members further members of the body
   */
  public ProblemException(ProblemType type, Map<String, String> members) {
    super(type.title(), null, false, false);
    this.type = type;
    this.members = Map.copyOf(members);
  }

  ProblemType type() {
    return type;
  }

  Map<String, String> members() {
    return members;
  }
}
