/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Registration that does not reveal whether an account exists: the same page, in the same time, for
 * known and unknown addresses. Only the mail differs, which only the owner of the address reads.
 */
@NullMarked
package rowlock.keycloak.registration.discretion;

import org.jspecify.annotations.NullMarked;
