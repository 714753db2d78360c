/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.actiontoken.DefaultActionToken;
import org.keycloak.models.UserModel;

/** Content of the link in the mail: signed by the realm, for one session, with an expiry. */
public final class EndSessionToken extends DefaultActionToken {
  static final String TYPE = "rowlock-end-session";

  @JsonProperty("sid")
  private @Nullable String sessionId;

  /** Used by the server's deserializer. */
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

  /** Returns whether the mail with the link went to the current address of the account. */
  boolean isSentTo(UserModel user) {
    return getEmail() != null && getEmail().equalsIgnoreCase(user.getEmail());
  }
}
