/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The browsers that people have signed in from: who signs in from another gets a mail, and guesses
 * of strangers do not lock a person out of a browser of their own.
 */
@NullMarked
package rowlock.keycloak.login.browser;

import org.jspecify.annotations.NullMarked;
