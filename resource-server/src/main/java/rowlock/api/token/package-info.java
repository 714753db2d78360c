/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Is the token good: strict parser, issuer keys, claim rules, cache of verified tokens, proofs of
 * possession.
 */
@NullMarked
package rowlock.api.token;

import org.jspecify.annotations.NullMarked;
