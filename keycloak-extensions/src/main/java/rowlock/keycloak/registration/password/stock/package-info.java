/* SPDX-License-Identifier: Apache-2.0 */
/** The server's store of passwords. */
@NullMarked
package rowlock.keycloak.registration.password.stock;

import org.jspecify.annotations.NullMarked;
