/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.regex.Pattern;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.security.web.UnreachableFilterChainException;

/**
 * Reports a chain of the application that matches every request and so hides the engine's chain.
 */
final class UnreachableChainFailureAnalyzer
    extends AbstractFailureAnalyzer<UnreachableFilterChainException> {
  private static final Pattern NAME = Pattern.compile("defined as '([^']+)'");

  @Override
  protected FailureAnalysis analyze(Throwable failure, UnreachableFilterChainException cause) {
    var name = NAME.matcher(String.valueOf(cause.getFilterChain()));
    return new FailureAnalysis(
        "The SecurityFilterChain "
            + (name.find() ? name.group(1) : cause.getFilterChain())
            + " matches every request, so requests would pass without a check of their token.",
        FilterChainGuard.REMEDY,
        cause);
  }
}
