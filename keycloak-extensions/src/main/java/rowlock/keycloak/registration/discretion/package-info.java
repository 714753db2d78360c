/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Registration that does not tell who has an account: the same page, in the same time, for an
 * address that is known and for one that is not. Only the mail differs, and its owner alone reads
 * it.
 */
@NullMarked
package rowlock.keycloak.registration.discretion;

import org.jspecify.annotations.NullMarked;
