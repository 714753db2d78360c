/* SPDX-License-Identifier: Apache-2.0 */
/** Logout by the page and by the issuer, and the user's sessions on other devices. */
@NullMarked
package rowlock.web.logout;

import org.jspecify.annotations.NullMarked;
