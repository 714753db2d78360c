/* SPDX-License-Identifier: Apache-2.0 */
/** The scopes that routes require (RFC 6750 §3.1), and read-only requests. */
@NullMarked
package rowlock.api.scope;

import org.jspecify.annotations.NullMarked;
