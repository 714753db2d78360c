/* SPDX-License-Identifier: Apache-2.0 */
/** The server's token refresh and its lock, with extension points for rotation. */
@NullMarked
package rowlock.keycloak.rotation.stock;

import org.jspecify.annotations.NullMarked;
