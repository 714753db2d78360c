/* SPDX-License-Identifier: Apache-2.0 */
/** Claims for which Keycloak has no mapper. */
@NullMarked
package rowlock.keycloak.claims;

import org.jspecify.annotations.NullMarked;
