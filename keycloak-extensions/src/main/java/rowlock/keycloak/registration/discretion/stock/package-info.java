/* SPDX-License-Identifier: Apache-2.0 */
/** The server's link that confirms an address. */
@NullMarked
package rowlock.keycloak.registration.discretion.stock;

import org.jspecify.annotations.NullMarked;
