/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a person lives through, over all parts as they run: the real login pages, the realm, its
 * keys, the API and its database.
 */
@NullMarked
package rowlock.product.journey;

import org.jspecify.annotations.NullMarked;
