/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Provides servers for tests: shared by a JVM or for one test alone, as processes or in containers.
 */
@NullMarked
package rowlock.local.testing;

import org.jspecify.annotations.NullMarked;
