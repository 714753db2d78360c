/* SPDX-License-Identifier: Apache-2.0 */
/** Reading and validation of settings, and reports of invalid ones at start-up. */
@NullMarked
package rowlock.settings;

import org.jspecify.annotations.NullMarked;
