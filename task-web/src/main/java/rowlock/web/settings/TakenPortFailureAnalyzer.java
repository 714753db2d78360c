/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import rowlock.settings.TakenPortAnalyzer;

/** Names the settings to change if a port is in use. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TakenPortFailureAnalyzer extends TakenPortAnalyzer {
  TakenPortFailureAnalyzer() {
    super("ROWLOCK_WEB_PORT", "ROWLOCK_WEB_MANAGEMENT_PORT");
  }
}
