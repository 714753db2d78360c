/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.time.Instant;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;

/**
 * A live session of a browser.
 *
 * @param secret secret in the browser's cookie
 * @param identity user, as of the newest ID token
 * @param issuerSession session id at the issuer ({@code sid})
 * @param generation number of refreshes
 * @param tokens newest tokens
 * @param expiresAt expiry unless the tokens are refreshed
 */
public record WebSession(
    SessionSecret secret,
    Identity identity,
    String issuerSession,
    int generation,
    Tokens tokens,
    Instant expiresAt) {}
