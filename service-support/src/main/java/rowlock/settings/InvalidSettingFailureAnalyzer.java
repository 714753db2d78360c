/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports an invalid setting as one readable message instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingFailureAnalyzer implements FailureAnalyzer {
  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidSettingException setting) {
        return new FailureAnalysis(
            setting.getMessage(),
            "Set the environment variable " + setting.variable() + " and start again.",
            failure);
      }
    }
    return null;
  }
}
