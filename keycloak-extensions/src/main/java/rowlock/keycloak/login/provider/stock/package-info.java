/* SPDX-License-Identifier: Apache-2.0 */
/** The server's login with another identity provider. */
@NullMarked
package rowlock.keycloak.login.provider.stock;

import org.jspecify.annotations.NullMarked;
