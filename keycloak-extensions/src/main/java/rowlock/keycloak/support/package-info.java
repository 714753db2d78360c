/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Code shared by several features. Besides the features' {@code stock} packages, the only package
 * that may use internals of the server that change with its version.
 */
@NullMarked
package rowlock.keycloak.support;

import org.jspecify.annotations.NullMarked;
