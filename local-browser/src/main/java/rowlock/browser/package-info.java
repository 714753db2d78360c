/* SPDX-License-Identifier: Apache-2.0 */
/** The browser of this machine, for tests of what only a real browser shows. */
@NullMarked
package rowlock.browser;

import org.jspecify.annotations.NullMarked;
