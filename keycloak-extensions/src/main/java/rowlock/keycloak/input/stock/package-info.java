/* SPDX-License-Identifier: Apache-2.0 */
/** The reception of request bodies, before the server reads them. */
@NullMarked
package rowlock.keycloak.input.stock;

import org.jspecify.annotations.NullMarked;
