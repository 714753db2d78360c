/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A token must die everywhere: what ends in this server is told to those who accept its tokens, as
 * security event tokens (RFC 8417) that are pushed to them (RFC 8935).
 */
@NullMarked
package rowlock.keycloak.revocation;

import org.jspecify.annotations.NullMarked;
