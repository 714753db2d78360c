/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import io.micrometer.core.instrument.Metrics;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormContext;
import org.keycloak.authentication.ValidationContext;
import org.keycloak.common.util.Time;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import rowlock.keycloak.budget.NetworkList;
import rowlock.keycloak.support.RealmMac;

/**
 * Checks a registration before any other validation. Every refusal has the same page, status and
 * header, and shows no message of another check: a program learns neither the reason nor whether an
 * address is known.
 */
final class RegistrationGuard implements FormAction {
  static final String MESSAGE = "rowlockRegistrationRefused";
  static final String TRAP = "homepage";
  static final String STAMP = "rowlock-stamp";

  private static final String PURPOSE = "rowlock-registration-stamp";

  /** The outcome for operators, in the event and the metric; never on the page. */
  private enum Verdict {
    PASSED,
    EXEMPT,
    TRAP,
    STAMP,
    TOO_FAST,
    BUDGET
  }

  private final NetworkList exempt;

  RegistrationGuard(NetworkList exempt) {
    this.exempt = exempt;
  }

  /** Prepares the fields for {@link GuardedRegistrationPage}, which renders the page later. */
  @Override
  public void buildPage(FormContext context, LoginFormsProvider form) {
    var fields = GuardFields.of(context.getSession());
    // a form that is shown again with a message keeps its creation time
    var since = fields.since();
    fields.put(stamps(context).mint(since == null ? Time.currentTimeMillis() : since));
  }

  @Override
  public void validate(ValidationContext context) {
    var config = GuardConfig.of(context.getAuthenticatorConfig());
    var verdict = judge(context, config);
    Metrics.counter(
            "rowlock.registration.guard",
            "realm",
            context.getRealm().getName(),
            "outcome",
            nameOf(verdict))
        .increment();
    var form = formData(context);
    // removed before the next action: a realm may store every unknown field with the account
    form.remove(TRAP);
    form.remove(STAMP);
    if (verdict == Verdict.PASSED || verdict == Verdict.EXEMPT) {
      context.success();
      return;
    }
    form.remove("password");
    form.remove("password-confirm");
    context.error("registration_guard_" + nameOf(verdict));
    context.excludeOtherErrors();
    context.validationError(form, List.of(new FormMessage(MESSAGE)));
    GuardFields.of(context.getSession()).refuse(config.retryAfterSeconds());
  }

  private Verdict judge(ValidationContext context, GuardConfig config) {
    var form = formData(context);
    var since = stamps(context).timeOf(form.getFirst(STAMP));
    var fields = GuardFields.of(context.getSession());
    if (since != null) {
      fields.setCreatedAt(since);
    }
    var address = context.getConnection().getRemoteHost();
    if (exempt.contains(address)) {
      return Verdict.EXEMPT;
    }
    // a browser sends the field empty; a client without it did not parse the page
    if (!"".equals(form.getFirst(TRAP))) {
      return Verdict.TRAP;
    }
    if (since == null) {
      return Verdict.STAMP;
    }
    if (Duration.ofMillis(Time.currentTimeMillis() - since).compareTo(config.minTime()) < 0) {
      return Verdict.TOO_FAST;
    }
    var budget = config.budget();
    var decision = budget.take(context.getSession(), context.getRealm(), address);
    return decision.allowed() ? Verdict.PASSED : Verdict.BUDGET;
  }

  private static GuardStamp stamps(FormContext context) {
    var login = context.getAuthenticationSession();
    return new GuardStamp(
        text -> RealmMac.of(context.getSession(), context.getRealm(), PURPOSE, text),
        login.getParentSession().getId() + " " + login.getTabId());
  }

  private static MultivaluedMap<String, String> formData(FormContext context) {
    return context.getHttpRequest().getDecodedFormParameters();
  }

  private static String nameOf(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void success(FormContext context) {}

  @Override
  public boolean requiresUser() {
    return false;
  }

  @Override
  public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return true;
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

  @Override
  public void close() {}
}
