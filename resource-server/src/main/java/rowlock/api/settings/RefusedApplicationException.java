/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

/** A bean of the application would replace a protection. Stops the start. */
public final class RefusedApplicationException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String remedy;

  /**
   * @param problem the problem, with the name of the bean
   * @param remedy the change that solves it
   */
  public RefusedApplicationException(String problem, String remedy) {
    super(problem + " " + remedy);
    this.problem = problem;
    this.remedy = remedy;
  }

  /** Returns the problem, with the name of the bean. */
  public String problem() {
    return problem;
  }

  /** Returns the change that solves it. */
  public String remedy() {
    return remedy;
  }
}
