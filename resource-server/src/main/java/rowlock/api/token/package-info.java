/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Verification of access tokens: strict parser, issuer keys, claim rules, cache of verified tokens,
 * proofs of possession.
 */
@NullMarked
package rowlock.api.token;

import org.jspecify.annotations.NullMarked;
