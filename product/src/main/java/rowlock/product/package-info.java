/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Runs all servers together on this machine, for {@code ./start} and for tests of the whole
 * product.
 */
@NullMarked
package rowlock.product;

import org.jspecify.annotations.NullMarked;
