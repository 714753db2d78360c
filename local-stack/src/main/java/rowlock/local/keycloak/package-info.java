/* SPDX-License-Identifier: Apache-2.0 */
/** Runs a Keycloak server and administers it. */
@NullMarked
package rowlock.local.keycloak;

import org.jspecify.annotations.NullMarked;
