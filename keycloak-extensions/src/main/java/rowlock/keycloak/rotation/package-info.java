/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Refresh token rotation with a grace window: each token works once; concurrent tabs and lost
 * answers are tolerated; a token that is presented later is treated as stolen (RFC 9700 §4.14.2).
 */
@NullMarked
package rowlock.keycloak.rotation;

import org.jspecify.annotations.NullMarked;
