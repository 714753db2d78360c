/* SPDX-License-Identifier: Apache-2.0 */
/** The server's link to a new password. */
@NullMarked
package rowlock.keycloak.login.guessing.stock;

import org.jspecify.annotations.NullMarked;
