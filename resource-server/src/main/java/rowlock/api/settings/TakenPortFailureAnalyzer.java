/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which variables move the ports when one is taken. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TakenPortFailureAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {

  @Override
  protected FailureAnalysis analyze(Throwable failure, PortInUseException cause) {
    return new FailureAnalysis(
        "The port " + cause.getPort() + " is taken by another process.",
        "Stop that process, or set ROWLOCK_API_PORT (public) or ROWLOCK_API_MANAGEMENT_PORT (health"
            + " and metrics) to a free port.",
        cause);
  }
}
