/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Test kit of the resource server: real tokens, real proofs of possession and a real PostgreSQL.
 */
@NullMarked
package rowlock.api.test;

import org.jspecify.annotations.NullMarked;
