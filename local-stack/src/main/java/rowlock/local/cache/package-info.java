/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Keeps what is costly to build, the secrets, and the directory that holds everything of a stack.
 */
@NullMarked
package rowlock.local.cache;

import org.jspecify.annotations.NullMarked;
