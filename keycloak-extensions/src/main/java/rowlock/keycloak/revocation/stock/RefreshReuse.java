/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keycloak's own detection of refresh token reuse. */
public final class RefreshReuse {
  private static final Set<String> REASONS =
      Set.of("Stale token", "Maximum allowed refresh token reuse exceeded");

  private RefreshReuse() {}

  /** Returns whether the reason of a rejected refresh is reuse. */
  public static boolean isReason(@Nullable String reason) {
    return reason != null && REASONS.contains(reason);
  }
}
