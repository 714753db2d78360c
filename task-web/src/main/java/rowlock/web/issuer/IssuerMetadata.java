/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.net.URI;

/**
 * Endpoints from the issuer's metadata (OpenID Connect Discovery 1.0 section 3).
 *
 * @param authorization {@code authorization_endpoint}
 * @param token {@code token_endpoint}
 * @param keys {@code jwks_uri}
 * @param introspection {@code introspection_endpoint} (RFC 7662)
 * @param endSession {@code end_session_endpoint} (OpenID Connect RP-Initiated Logout 1.0 section 2)
 */
record IssuerMetadata(URI authorization, URI token, URI keys, URI introspection, URI endSession) {}
