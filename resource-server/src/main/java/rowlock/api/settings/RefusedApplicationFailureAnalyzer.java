/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a refused application as one readable message instead of a stack trace. */
final class RefusedApplicationFailureAnalyzer
    extends AbstractFailureAnalyzer<RefusedApplicationException> {
  @Override
  protected FailureAnalysis analyze(Throwable failure, RefusedApplicationException cause) {
    return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
  }
}
