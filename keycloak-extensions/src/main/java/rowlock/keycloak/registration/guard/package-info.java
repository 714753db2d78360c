/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Keeps programs from signing up, without a riddle for people and without a third party: a field
 * that only programs fill in, a time that people need, and a budget for each address.
 */
@NullMarked
package rowlock.keycloak.registration.guard;

import org.jspecify.annotations.NullMarked;
