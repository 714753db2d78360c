/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Rejects passwords that attackers try first (NIST SP 800-63B-4 §3.1.1.2; ASVS 5.0 6.2.4, 6.2.11,
 * 6.2.12): leaked ones, and those made from public names.
 */
@NullMarked
package rowlock.keycloak.registration.password;

import org.jspecify.annotations.NullMarked;
