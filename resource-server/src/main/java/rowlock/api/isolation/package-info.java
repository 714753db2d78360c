/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The owner-scoped data source of the domain, the roles and migrations of the database, and the
 * guard that refuses to start if row security is not effective.
 */
@NullMarked
package rowlock.api.isolation;

import org.jspecify.annotations.NullMarked;
