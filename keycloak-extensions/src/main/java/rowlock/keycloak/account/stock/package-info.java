/* SPDX-License-Identifier: Apache-2.0 */
/** The server's access tokens and login times, as the account REST API uses them. */
@NullMarked
package rowlock.keycloak.account.stock;

import org.jspecify.annotations.NullMarked;
