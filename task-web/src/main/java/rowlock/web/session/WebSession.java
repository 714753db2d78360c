/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.time.Instant;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;

/**
 * One browser in which somebody is signed in.
 *
 * @param secret what the browser holds of it
 * @param identity the user, as of the newest ID token
 * @param issuerSession the issuer's name of the session ({@code sid})
 * @param generation how often the tokens have been replaced
 * @param tokens the newest known
 * @param expiresAt when it ends unless it is used
 */
public record WebSession(
    SessionSecret secret,
    Identity identity,
    String issuerSession,
    int generation,
    Tokens tokens,
    Instant expiresAt) {}
