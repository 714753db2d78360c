/* SPDX-License-Identifier: Apache-2.0 */
/** Uses of Keycloak's internals: its outbox table, its client attributes and authentication. */
@NullMarked
package rowlock.keycloak.revocation.delivery.stock;

import org.jspecify.annotations.NullMarked;
