/* SPDX-License-Identifier: Apache-2.0 */
/** The server's user profile. */
@NullMarked
package rowlock.keycloak.profile.stock;

import org.jspecify.annotations.NullMarked;
