/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Refresh token rotation with a grace window: each token works once, two tabs or a lost answer do
 * no harm, and a token that comes back later is theft (RFC 9700 §4.14.2).
 */
@NullMarked
package rowlock.keycloak.rotation;

import org.jspecify.annotations.NullMarked;
