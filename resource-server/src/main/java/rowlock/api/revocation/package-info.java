/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Revocation of tokens: receives events of the issuer about ended sessions and accounts, polls it
 * for lost ones, and writes both into the ledger that {@code rowlock.enter} checks. Also erases the
 * rows of removed accounts.
 */
@NullMarked
package rowlock.api.revocation;

import org.jspecify.annotations.NullMarked;
