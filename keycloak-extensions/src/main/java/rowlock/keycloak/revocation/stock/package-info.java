/* SPDX-License-Identifier: Apache-2.0 */
/** Uses of Keycloak's internals: sessions and accounts that revocation reads or ends. */
@NullMarked
package rowlock.keycloak.revocation.stock;

import org.jspecify.annotations.NullMarked;
