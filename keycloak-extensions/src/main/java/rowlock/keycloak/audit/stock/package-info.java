/* SPDX-License-Identifier: Apache-2.0 */
/** The server's event store. */
@NullMarked
package rowlock.keycloak.audit.stock;

import org.jspecify.annotations.NullMarked;
