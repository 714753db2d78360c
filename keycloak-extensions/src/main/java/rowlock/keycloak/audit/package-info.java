/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The security log: one line of JSON for each security event, without names, addresses or tokens.
 */
@NullMarked
package rowlock.keycloak.audit;

import org.jspecify.annotations.NullMarked;
