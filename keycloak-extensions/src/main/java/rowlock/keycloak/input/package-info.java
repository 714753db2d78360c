/* SPDX-License-Identifier: Apache-2.0 */
/** Rejects requests that the server cannot process before it reads them. */
@NullMarked
package rowlock.keycloak.input;

import org.jspecify.annotations.NullMarked;
