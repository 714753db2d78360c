/* SPDX-License-Identifier: Apache-2.0 */
/** Runs a PostgreSQL server. */
@NullMarked
package rowlock.local.postgres;

import org.jspecify.annotations.NullMarked;
