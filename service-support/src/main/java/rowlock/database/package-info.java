/* SPDX-License-Identifier: Apache-2.0 */
/** Access to PostgreSQL: logins, why a connection is refused, and health. */
@NullMarked
package rowlock.database;

import org.jspecify.annotations.NullMarked;
