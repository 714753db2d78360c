/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Runs PostgreSQL, Keycloak and a mail server as the local stack of one launcher, with data that is
 * kept between runs.
 */
@NullMarked
package rowlock.local;

import org.jspecify.annotations.NullMarked;
