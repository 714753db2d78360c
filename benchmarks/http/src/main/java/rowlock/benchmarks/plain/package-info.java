/* SPDX-License-Identifier: Apache-2.0 */
/** A plain Spring application, to compare with. */
@NullMarked
package rowlock.benchmarks.plain;

import org.jspecify.annotations.NullMarked;
