/* SPDX-License-Identifier: Apache-2.0 */
/** Client of the issuer: metadata, keys, tokens. */
@NullMarked
package rowlock.web.issuer;

import org.jspecify.annotations.NullMarked;
