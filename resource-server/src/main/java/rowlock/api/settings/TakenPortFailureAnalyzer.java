/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import rowlock.settings.TakenPortAnalyzer;

/** Reports the variables of the ports. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TakenPortFailureAnalyzer extends TakenPortAnalyzer {
  TakenPortFailureAnalyzer() {
    super("ROWLOCK_API_PORT", "ROWLOCK_API_MANAGEMENT_PORT");
  }
}
