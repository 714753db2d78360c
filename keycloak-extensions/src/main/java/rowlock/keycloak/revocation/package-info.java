/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reports revoked sessions, tokens and accounts to the services that accept tokens of this server,
 * as security event tokens (RFC 8417) that are pushed to them (RFC 8935).
 */
@NullMarked
package rowlock.keycloak.revocation;

import org.jspecify.annotations.NullMarked;
