/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A small application on the engine, which its tests run against: one table, its endpoints, and
 * routes without a table.
 */
@NullMarked
package rowlock.probe;

import org.jspecify.annotations.NullMarked;
