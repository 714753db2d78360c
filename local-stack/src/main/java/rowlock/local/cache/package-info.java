/* SPDX-License-Identifier: Apache-2.0 */
/** Contains the state directory of a stack, its secrets, and the cache of built servers. */
@NullMarked
package rowlock.local.cache;

import org.jspecify.annotations.NullMarked;
