/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Rate limits that are exact across all nodes, survive a restart, and have a bounded table.
 * Independent of features: they supply name, key and limit.
 */
@NullMarked
package rowlock.keycloak.budget;

import org.jspecify.annotations.NullMarked;
