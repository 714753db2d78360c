/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

/** A bean of the application would take the place of a protection. Stops the start. */
public final class RefusedApplicationException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String remedy;

  /**
   * @param problem what is wrong, with the name of the bean
   * @param remedy what to change
   */
  public RefusedApplicationException(String problem, String remedy) {
    super(problem + " " + remedy);
    this.problem = problem;
    this.remedy = remedy;
  }

  /** Returns what is wrong, with the name of the bean. */
  public String problem() {
    return problem;
  }

  /** Returns what to change. */
  public String remedy() {
    return remedy;
  }
}
