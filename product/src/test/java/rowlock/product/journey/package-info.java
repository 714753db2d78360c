/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tests complete user journeys with all servers: the login pages, the realm, its keys, the API and
 * its database.
 */
@NullMarked
package rowlock.product.journey;

import org.jspecify.annotations.NullMarked;
