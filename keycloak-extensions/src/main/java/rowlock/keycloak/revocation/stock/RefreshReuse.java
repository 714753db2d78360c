/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server's own detection of a refresh token that was used before. */
public final class RefreshReuse {
  private static final Set<String> REASONS =
      Set.of("Stale token", "Maximum allowed refresh token reuse exceeded");

  private RefreshReuse() {}

  /** Returns whether the reason in an event of a refused refresh is that of a reuse. */
  public static boolean isReason(@Nullable String reason) {
    return reason != null && REASONS.contains(reason);
  }
}
