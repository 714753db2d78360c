/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PostgreSQL and Keycloak as child processes of this JVM: the stack of the first command and the
 * fixture of every test.
 */
@NullMarked
package rowlock.local;

import org.jspecify.annotations.NullMarked;
