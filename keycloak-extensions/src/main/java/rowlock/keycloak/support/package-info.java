/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What several features share, and nothing that serves one only. Besides the features' {@code
 * stock} packages, the only package that may touch internals of the server that change with its
 * version.
 */
@NullMarked
package rowlock.keycloak.support;

import org.jspecify.annotations.NullMarked;
