/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Delivers security event tokens (RFC 8417) to receivers: an outbox in the transaction of the
 * cause, push (RFC 8935) after the commit, and polling. Does not know what causes an event.
 */
@NullMarked
package rowlock.keycloak.revocation.delivery;

import org.jspecify.annotations.NullMarked;
