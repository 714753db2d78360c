/* SPDX-License-Identifier: Apache-2.0 */
/** The owner of the rows that a request may access, and the {@code {owner}} path variable. */
@NullMarked
package rowlock.api.owner;

import org.jspecify.annotations.NullMarked;
