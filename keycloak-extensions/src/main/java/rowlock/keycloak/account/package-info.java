/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Protects changes through the server's account REST API: they require the same recent login, with
 * the same factors, as the server's own pages.
 */
@NullMarked
package rowlock.keycloak.account;

import org.jspecify.annotations.NullMarked;
