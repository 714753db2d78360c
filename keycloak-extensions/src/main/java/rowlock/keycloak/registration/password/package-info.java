/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Passwords that attackers try first are not accepted (NIST SP 800-63B-4 §3.1.1.2; ASVS 5.0 6.2.4,
 * 6.2.11, 6.2.12): those known from leaks, and those made from names that everybody knows.
 */
@NullMarked
package rowlock.keycloak.registration.password;

import org.jspecify.annotations.NullMarked;
