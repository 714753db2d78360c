/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Is a good token still good: receives what the issuer says of sessions and accounts that have
 * ended, asks it for what may have been lost, and writes both into the ledger that {@code
 * rowlock.enter} reads. What an account leaves behind is erased with it.
 */
@NullMarked
package rowlock.api.revocation;

import org.jspecify.annotations.NullMarked;
