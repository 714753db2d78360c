/* SPDX-License-Identifier: Apache-2.0 */
/** Prints the results of tests in the build. */
@NullMarked
package rowlock.report;

import org.jspecify.annotations.NullMarked;
