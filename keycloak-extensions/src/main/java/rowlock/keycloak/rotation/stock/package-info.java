/* SPDX-License-Identifier: Apache-2.0 */
/** The server's refresh of tokens and its lock, opened for rotation. */
@NullMarked
package rowlock.keycloak.rotation.stock;

import org.jspecify.annotations.NullMarked;
