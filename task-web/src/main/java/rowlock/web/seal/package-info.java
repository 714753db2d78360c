/* SPDX-License-Identifier: Apache-2.0 */
/** Encrypts the content of rows and cookies. */
@NullMarked
package rowlock.web.seal;

import org.jspecify.annotations.NullMarked;
