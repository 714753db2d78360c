/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.authentication.FormAuthenticator;
import org.keycloak.authentication.FormContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.utils.FormMessage;

/**
 * The server's own registration page, of any theme, with the guard's two fields added to its form:
 * themes need no change.
 */
final class GuardedRegistrationPage implements FormAuthenticator {
  private static final Logger log = Logger.getLogger(GuardedRegistrationPage.class);
  private static final String STOCK = "registration-page-form";
  private static final String FORM = "id=\"kc-register-form\"";
  private static final String END = "</form>";

  /**
   * Hidden from sight, the tab order, the accessibility tree and password managers. Without its
   * style, the label explains the field.
   */
  private static final String FIELDS =
      """
      <div aria-hidden="true" style="position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden">
        <label for="rowlock-%1$s">%2$s</label>
        <input type="text" id="rowlock-%1$s" name="%1$s" value="" tabindex="-1" autocomplete="off" data-1p-ignore data-lpignore="true">
      </div>
      <input type="hidden" name="%3$s" value="%4$s">
      """;

  @Override
  public Response render(FormContext context, LoginFormsProvider form) {
    var session = context.getSession();
    var guard = GuardFields.of(session);
    if (guard.retryAfterSeconds() > 0) {
      form.setStatus(Status.TOO_MANY_REQUESTS);
      // no messages of later checks, such as whether an address is known
      form.setErrors(List.of(new FormMessage(RegistrationGuard.MESSAGE)));
    }
    var page = session.getProvider(FormAuthenticator.class, STOCK).render(context, form);
    if (guard.stamp() == null || !(page.getEntity() instanceof String html)) {
      return page;
    }
    var answer =
        Response.fromResponse(page)
            .entity(withFields(html, form.getMessage("rowlockLeaveEmpty"), guard.stamp()));
    if (guard.retryAfterSeconds() > 0) {
      answer.header(HttpHeaders.RETRY_AFTER, guard.retryAfterSeconds());
    }
    return answer.build();
  }

  static String withFields(String html, String label, String stamp) {
    var form = html.indexOf(FORM);
    var end = form < 0 ? -1 : html.indexOf(END, form);
    if (end < 0) {
      log.errorf(
          "Registration rejected: the registration page of the theme has no form with %s; add the id to the theme",
          FORM);
      return html;
    }
    var fields =
        FIELDS.formatted(RegistrationGuard.TRAP, escape(label), RegistrationGuard.STAMP, stamp);
    return html.substring(0, end) + fields + html.substring(end);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public void close() {}
}
