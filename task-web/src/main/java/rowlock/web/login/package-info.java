/* SPDX-License-Identifier: Apache-2.0 */
/** Signing in, and what only the page of this server may ask for. */
@NullMarked
package rowlock.web.login;

import org.jspecify.annotations.NullMarked;
