/* SPDX-License-Identifier: Apache-2.0 */
/** Addresses that are made to be thrown away are not accepted as anybody's own. */
@NullMarked
package rowlock.keycloak.registration.mail;

import org.jspecify.annotations.NullMarked;
