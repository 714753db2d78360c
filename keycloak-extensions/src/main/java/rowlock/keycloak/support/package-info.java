/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What features share, and the only package that may touch internals of the server that change with
 * its version.
 */
@NullMarked
package rowlock.keycloak.support;

import org.jspecify.annotations.NullMarked;
