/* SPDX-License-Identifier: Apache-2.0 */
/** The browser of this machine, for tests that need a real browser. */
@NullMarked
package rowlock.browser;

import org.jspecify.annotations.NullMarked;
