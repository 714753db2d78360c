/* SPDX-License-Identifier: Apache-2.0 */
/** Refused requests: the security log, its metrics, and what a client address may still cause. */
@NullMarked
package rowlock.web.audit;

import org.jspecify.annotations.NullMarked;
