/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.actiontoken.DefaultActionToken;
import org.keycloak.models.UserModel;

/** What the link in the mail carries: signed by the realm, for one session, for some time. */
public final class EndSessionToken extends DefaultActionToken {
  static final String TYPE = "rowlock-end-session";

  @JsonProperty("sid")
  private @Nullable String sessionId;

  /** For the server, which reads it. */
  public EndSessionToken() {}

  EndSessionToken(
      String userId, int expires, String sessionId, @Nullable String email, String clientId) {
    super(userId, TYPE, expires, null);
    this.sessionId = sessionId;
    setEmail(email);
    this.issuedFor = clientId;
  }

  @Nullable String sessionId() {
    return sessionId;
  }

  /** Whether the mail that carries it went to the address that the account has now. */
  boolean wentTo(UserModel user) {
    return getEmail() != null && getEmail().equalsIgnoreCase(user.getEmail());
  }
}
