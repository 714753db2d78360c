/* SPDX-License-Identifier: Apache-2.0 */
/** Limits of what failing requests may cost: budgets by client address, and lines of the logs. */
@NullMarked
package rowlock.limit;

import org.jspecify.annotations.NullMarked;
