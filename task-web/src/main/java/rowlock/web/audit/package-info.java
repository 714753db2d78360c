/* SPDX-License-Identifier: Apache-2.0 */
/** Refused requests: the security log, its metrics, and the budgets of peer addresses. */
@NullMarked
package rowlock.web.audit;

import org.jspecify.annotations.NullMarked;
