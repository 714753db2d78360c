/* SPDX-License-Identifier: Apache-2.0 */
/** Rejects addresses of disposable mail providers. */
@NullMarked
package rowlock.keycloak.registration.mail;

import org.jspecify.annotations.NullMarked;
