/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who guesses is slowed down: budgets of failures for each client address, across accounts, and for
 * each account name, across addresses, whether there is such an account or not.
 */
@NullMarked
package rowlock.keycloak.login.guessing;

import org.jspecify.annotations.NullMarked;
