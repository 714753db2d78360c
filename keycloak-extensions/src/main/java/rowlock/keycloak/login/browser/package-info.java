/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Browsers from which users have signed in: a login from a new one is reported by mail, and guesses
 * of strangers do not lock users out of their known browsers.
 */
@NullMarked
package rowlock.keycloak.login.browser;

import org.jspecify.annotations.NullMarked;
