/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.net.URI;

/**
 * What is needed of the issuer's metadata (OpenID Connect Discovery 1.0 section 3).
 *
 * @param authorization where browsers sign in
 * @param token where tokens are given
 * @param keys its public keys
 * @param introspection where tokens are examined (RFC 7662)
 * @param endSession where sessions end (OpenID Connect RP-Initiated Logout 1.0 section 2)
 */
record IssuerMetadata(URI authorization, URI token, URI keys, URI introspection, URI endSession) {}
