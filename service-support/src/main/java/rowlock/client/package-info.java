/* SPDX-License-Identifier: Apache-2.0 */
/** Keys that authenticate a service to the issuer. */
@NullMarked
package rowlock.client;

import org.jspecify.annotations.NullMarked;
