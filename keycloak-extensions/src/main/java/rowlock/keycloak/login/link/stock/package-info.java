/* SPDX-License-Identifier: Apache-2.0 */
/** The server's links in mails, with a confirmation page. */
@NullMarked
package rowlock.keycloak.login.link.stock;

import org.jspecify.annotations.NullMarked;
