/* SPDX-License-Identifier: Apache-2.0 */
/** Limits for failing requests: budgets by client address, and rate limits of the logs. */
@NullMarked
package rowlock.limit;

import org.jspecify.annotations.NullMarked;
