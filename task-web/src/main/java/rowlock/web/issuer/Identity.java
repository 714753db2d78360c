/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.oidc.IdTokenClaimAccessor;

/**
 * Claims of the ID token of the login, updated by the newest refresh. Name and email address are
 * for display only and must not decide about access.
 *
 * @param subject the issuer's identifier of the user
 * @param name full name, or null if the issuer did not state it
 * @param email address, or null if the issuer did not state it
 * @param authenticatedAt {@code auth_time} in seconds, as of the login; null if unknown
 * @param nonce {@code nonce}, as of the login; null if unknown
 */
public record Identity(
    String subject,
    @Nullable String name,
    @Nullable String email,
    @Nullable Long authenticatedAt,
    @Nullable String nonce) {

  /** Reads the claims of a validated ID token. */
  public static Identity of(IdTokenClaimAccessor token) {
    var authenticatedAt = token.getAuthenticatedAt();
    return new Identity(
        Objects.requireNonNull(token.getSubject(), "sub"),
        token.getFullName(),
        token.getEmail(),
        authenticatedAt == null ? null : authenticatedAt.getEpochSecond(),
        token.getNonce());
  }

  /** Returns this identity with name and address of a newer ID token of the same login. */
  Identity updated(IdTokenClaimAccessor token) {
    return new Identity(subject, token.getFullName(), token.getEmail(), authenticatedAt, nonce);
  }

  /** Omits personal data and the nonce. */
  @Override
  public String toString() {
    return "Identity[" + subject + "]";
  }
}
