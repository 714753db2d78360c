/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Reports the variables that configure the ports when one is in use. Each service registers a
 * subclass in its {@code spring.factories}.
 */
public abstract class TakenPortAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {
  private final String variable;
  private final String managementVariable;

  /**
   * @param variable the environment variable of the public port
   * @param managementVariable the environment variable of the management port
   */
  protected TakenPortAnalyzer(String variable, String managementVariable) {
    this.variable = variable;
    this.managementVariable = managementVariable;
  }

  @Override
  protected final FailureAnalysis analyze(Throwable failure, PortInUseException cause) {
    return new FailureAnalysis(
        "The port " + cause.getPort() + " is taken by another process.",
        "Stop that process, or set "
            + variable
            + " (public) or "
            + managementVariable
            + " (health and metrics) to a free port.",
        cause);
  }
}
