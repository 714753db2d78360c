/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Duration;
import rowlock.api.settings.ErasureSettings;

/** Retention periods of tests. */
final class Retentions {
  /** Rows are erased with the removal. */
  static final ErasureSettings NONE = of(Duration.ZERO);

  /** The default. */
  static final ErasureSettings WEEK = of(Duration.ofDays(7));

  private Retentions() {}

  static ErasureSettings of(Duration retention) {
    return new ErasureSettings(retention, retention);
  }
}
