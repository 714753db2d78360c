/* SPDX-License-Identifier: Apache-2.0 */
/** The security log and its metrics: one line and one count for each refused authentication. */
@NullMarked
package rowlock.api.audit;

import org.jspecify.annotations.NullMarked;
