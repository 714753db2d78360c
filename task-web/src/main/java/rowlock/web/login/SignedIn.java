/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;

/** Somebody whom the issuer has just vouched for, with what it said besides the tokens. */
final class SignedIn extends DefaultOidcUser {

  private static final long serialVersionUID = 1L;

  /** Claim of our Keycloak extension: until when a remembered session lasts at most. */
  private static final String REMEMBERED_UNTIL = "rowlock_remembered_until";

  private final transient Map<String, Object> answer;

  SignedIn(OidcUserRequest request) {
    // nobody decides by roles here: the API does, by the token
    super(Set.of(), request.getIdToken());
    this.answer = request.getAdditionalParameters();
  }

  /** Further members of the token endpoint's answer. */
  Map<String, Object> answer() {
    return answer;
  }

  /**
   * Returns how long the session lasts at most, if the user chose to be remembered; otherwise null.
   * Both times are the issuer's.
   */
  @Nullable Duration remembered() {
    Instant until = getClaimAsInstant(REMEMBERED_UNTIL);
    Instant issuedAt = getIssuedAt();
    return until == null || issuedAt == null || !until.isAfter(issuedAt)
        ? null
        : Duration.between(issuedAt, until);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
