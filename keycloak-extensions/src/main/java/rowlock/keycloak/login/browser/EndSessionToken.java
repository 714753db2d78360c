/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.actiontoken.DefaultActionToken;

/** What the link in the mail carries: signed by the realm, for one session, for some time. */
public final class EndSessionToken extends DefaultActionToken {
  static final String TYPE = "rowlock-end-session";

  @JsonProperty("sid")
  private @Nullable String sessionId;

  /** For the server, which reads it. */
  public EndSessionToken() {}

  EndSessionToken(String userId, int expires, String sessionId, String clientId) {
    super(userId, TYPE, expires, null);
    this.sessionId = sessionId;
    this.issuedFor = clientId;
  }

  @Nullable String sessionId() {
    return sessionId;
  }
}
