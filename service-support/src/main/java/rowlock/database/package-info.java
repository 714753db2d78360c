/* SPDX-License-Identifier: Apache-2.0 */
/** Access to PostgreSQL: logins, migrations, causes of refused connections, and health. */
@NullMarked
package rowlock.database;

import org.jspecify.annotations.NullMarked;
