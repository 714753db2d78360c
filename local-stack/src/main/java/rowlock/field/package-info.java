/* SPDX-License-Identifier: Apache-2.0 */
/** Marks the tests of all modules that are derived from public reports. */
@NullMarked
package rowlock.field;

import org.jspecify.annotations.NullMarked;
