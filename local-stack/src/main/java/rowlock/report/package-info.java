/* SPDX-License-Identifier: Apache-2.0 */
/** What the build prints about tests. */
@NullMarked
package rowlock.report;

import org.jspecify.annotations.NullMarked;
