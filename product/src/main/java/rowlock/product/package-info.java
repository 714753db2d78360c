/* SPDX-License-Identifier: Apache-2.0 */
/**
 * All servers together on this machine: {@code ./start}, and what tests of the whole product start.
 */
@NullMarked
package rowlock.product;

import org.jspecify.annotations.NullMarked;
