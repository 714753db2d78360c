/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;

/** The user of a login, with the further members of the token response. */
final class SignedInUser extends DefaultOidcUser {
  private static final long serialVersionUID = 1L;

  /** Claim of our Keycloak extension: the latest end of a remembered session. */
  private static final String REMEMBERED_UNTIL = "rowlock_remembered_until";

  private final transient Map<String, Object> tokenResponse;

  SignedInUser(OidcUserRequest request) {
    // no authorities: the API authorizes by the access token
    super(Set.of(), request.getIdToken());
    this.tokenResponse = request.getAdditionalParameters();
  }

  /** Returns the further members of the token response. */
  Map<String, Object> tokenResponse() {
    return tokenResponse;
  }

  /**
   * Returns the maximum duration of the session if the user chose to be remembered, or else null.
   * It is the difference of two times of the issuer, so that clock skew does not matter.
   */
  @Nullable Duration remembered() {
    var until = getClaimAsInstant(REMEMBERED_UNTIL);
    var issuedAt = getIssuedAt();
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
