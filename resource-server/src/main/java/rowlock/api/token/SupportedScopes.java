/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Set;

/** The scopes that the routes of the application require. */
public interface SupportedScopes {
  /** Returns the names, sorted; empty if no route requires a scope. */
  Set<String> names();
}
