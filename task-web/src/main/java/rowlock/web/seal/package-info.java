/* SPDX-License-Identifier: Apache-2.0 */
/** Encrypts what leaves this process: rows of the database and cookies. */
@NullMarked
package rowlock.web.seal;

import org.jspecify.annotations.NullMarked;
