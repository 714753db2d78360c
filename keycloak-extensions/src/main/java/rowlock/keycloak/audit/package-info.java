/* SPDX-License-Identifier: Apache-2.0 */
/** What happened: one line of JSON for each security event, without names, addresses or tokens. */
@NullMarked
package rowlock.keycloak.audit;

import org.jspecify.annotations.NullMarked;
