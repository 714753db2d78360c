/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Delivers security event tokens (RFC 8417) to receivers. {@link
 * rowlock.keycloak.revocation.delivery.EventDelivery} writes one outbox row for each receiver, in
 * the transaction of the cause, and pushes it (RFC 8935) after the commit, before the response.
 * What fails is retried by one loop; receivers may also poll. The package does not know what causes
 * an event.
 */
@NullMarked
package rowlock.keycloak.revocation.delivery;

import org.jspecify.annotations.NullMarked;
