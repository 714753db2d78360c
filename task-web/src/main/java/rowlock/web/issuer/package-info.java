/* SPDX-License-Identifier: Apache-2.0 */
/** Speaks with the issuer as its client: metadata, keys, tokens. */
@NullMarked
package rowlock.web.issuer;

import org.jspecify.annotations.NullMarked;
