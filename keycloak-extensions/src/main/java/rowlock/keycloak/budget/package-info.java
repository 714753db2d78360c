/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How often somebody may try something: budgets that are right across all nodes, survive a restart,
 * and cannot be used to fill the database. Knows no feature; features bring name, key and limit.
 */
@NullMarked
package rowlock.keycloak.budget;

import org.jspecify.annotations.NullMarked;
