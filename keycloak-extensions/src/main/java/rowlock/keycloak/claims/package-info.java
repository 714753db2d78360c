/* SPDX-License-Identifier: Apache-2.0 */
/** Claims that the stock server has no mapper for. */
@NullMarked
package rowlock.keycloak.claims;

import org.jspecify.annotations.NullMarked;
