/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.FormContext;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.registration.discretion.stock.Invitation;

/** The setting that makes registration discreet, shared by the form actions of one request. */
final class DiscreetRegistration {
  static final String HIDE = "hide-existing-accounts";

  /** Login note of an answered registration: the address as typed. */
  static final String ANSWERED = "rowlock-check-your-mail";

  private static final String ATTRIBUTE = DiscreetRegistration.class.getName();

  private DiscreetRegistration() {}

  /**
   * Reads the settings of the first action. A registration by an invitation of an organization is
   * not discreet: the invitation went to a known address, and the server compares the two. An
   * invalid invitation changes nothing.
   */
  static boolean begin(FormContext context) {
    var discreet = isOn(context.getAuthenticatorConfig()) && !Invitation.isIn(context);
    context.getSession().setAttribute(ATTRIBUTE, discreet);
    return discreet;
  }

  /** Returns what {@link #begin} decided, for the following actions. */
  static boolean isOn(KeycloakSession session) {
    return Boolean.TRUE.equals(session.getAttribute(ATTRIBUTE));
  }

  private static boolean isOn(@Nullable AuthenticatorConfigModel config) {
    return config != null
        && config.getConfig() != null
        && Boolean.parseBoolean(config.getConfig().get(HIDE));
  }

  /** Returns the input without passwords: the reader of the mail chooses the password. */
  static MultivaluedMap<String, String> profileFields(FormContext context) {
    var fields = new MultivaluedHashMap<>(context.getHttpRequest().getDecodedFormParameters());
    fields.remove("password");
    fields.remove("password-confirm");
    return fields;
  }
}
