/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Protection against guessing: budgets of failures for each peer address, across accounts, and for
 * each account name, across addresses, whether or not there is such an account.
 */
@NullMarked
package rowlock.keycloak.login.guessing;

import org.jspecify.annotations.NullMarked;
