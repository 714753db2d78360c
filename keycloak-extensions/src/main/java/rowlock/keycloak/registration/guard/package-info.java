/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Protection against automated registration without a CAPTCHA and without a third party: a honeypot
 * field, a minimum time to fill in the form, and a budget for each address.
 */
@NullMarked
package rowlock.keycloak.registration.guard;

import org.jspecify.annotations.NullMarked;
