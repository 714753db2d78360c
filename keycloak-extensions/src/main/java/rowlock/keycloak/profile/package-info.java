/* SPDX-License-Identifier: Apache-2.0 */
/** Profiles of accounts: names in one form, and no validation of what an account has already. */
@NullMarked
package rowlock.keycloak.profile;

import org.jspecify.annotations.NullMarked;
