/* SPDX-License-Identifier: Apache-2.0 */
/** The keys that a service authenticates itself to the issuer with. */
@NullMarked
package rowlock.client;

import org.jspecify.annotations.NullMarked;
