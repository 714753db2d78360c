/* SPDX-License-Identifier: Apache-2.0 */
/** Profiles of accounts: canonical names, and no validation of values that are stored already. */
@NullMarked
package rowlock.keycloak.profile;

import org.jspecify.annotations.NullMarked;
