/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import rowlock.settings.Variables;

/**
 * The scopes that routes require.
 *
 * @param enforced whether requests without the scope of their route are refused, {@code
 *     ROWLOCK_SCOPES_ENFORCED}, default true; otherwise they are only counted
 */
public record ScopeSettings(boolean enforced) {
  static ScopeSettings from(Variables variables) {
    return new ScopeSettings(variables.flag("ROWLOCK_SCOPES_ENFORCED", true));
  }
}
