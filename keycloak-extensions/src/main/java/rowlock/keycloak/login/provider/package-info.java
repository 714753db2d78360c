/* SPDX-License-Identifier: Apache-2.0 */
/** Logins with an account of another identity provider. */
@NullMarked
package rowlock.keycloak.login.provider;

import org.jspecify.annotations.NullMarked;
