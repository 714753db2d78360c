/* SPDX-License-Identifier: Apache-2.0 */
/** The server's table of outgoing messages, and its authentication of clients. */
@NullMarked
package rowlock.keycloak.revocation.delivery.stock;

import org.jspecify.annotations.NullMarked;
