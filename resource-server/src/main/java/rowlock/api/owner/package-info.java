/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who is asking: the owner of the rows a request may touch, and the {@code {owner}} path variable.
 */
@NullMarked
package rowlock.api.owner;

import org.jspecify.annotations.NullMarked;
