/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Only their rows: the data source of the domain, the roles and migrations behind it, and the guard
 * that refuses to start where row security would not bind.
 */
@NullMarked
package rowlock.api.isolation;

import org.jspecify.annotations.NullMarked;
