/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account.stock;

import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;

/** Time of the last login to a session: the claim {@code auth_time}. */
public final class LoginTime {
  private LoginTime() {}

  /** Returns the time in seconds, or 0 if it is unknown. */
  public static long of(UserSessionModel session) {
    var time = session.getNote(AuthenticationManager.AUTH_TIME);
    return time == null ? 0 : Long.parseLong(time);
  }

  /** Makes the time unknown, so that every check for a recent login asks for a new one. */
  public static void forget(UserSessionModel session) {
    session.removeNote(AuthenticationManager.AUTH_TIME);
  }
}
