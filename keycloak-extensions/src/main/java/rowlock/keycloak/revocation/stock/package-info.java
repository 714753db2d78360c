/* SPDX-License-Identifier: Apache-2.0 */
/** The server's sessions and accounts, as revocation reads and ends them. */
@NullMarked
package rowlock.keycloak.revocation.stock;

import org.jspecify.annotations.NullMarked;
