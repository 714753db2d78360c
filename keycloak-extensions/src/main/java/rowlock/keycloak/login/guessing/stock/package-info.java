/* SPDX-License-Identifier: Apache-2.0 */
/** The server's login forms, web origins and password reset link. */
@NullMarked
package rowlock.keycloak.login.guessing.stock;

import org.jspecify.annotations.NullMarked;
