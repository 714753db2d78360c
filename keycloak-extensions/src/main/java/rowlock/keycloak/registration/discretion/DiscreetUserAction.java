/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormContext;
import org.keycloak.authentication.ValidationContext;
import org.keycloak.events.Errors;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.userprofile.AttributeContext;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.validate.ValidationError;

/**
 * The server's own "Registration User Profile Creation", or in a discreet registration, an action
 * that looks up no account: it validates the input and leaves the rest to {@link
 * PendingRegistration}, which runs after the response. So the response time cannot depend on
 * whether the account exists.
 */
final class DiscreetUserAction implements FormAction {
  private static final String STOCK = "registration-user-creation";

  /** The server's validators that look up an account. */
  private static final Set<String> LOOK_UPS =
      Set.of(
          "up-duplicate-email",
          "up-duplicate-username",
          "up-email-exists-as-username",
          "up-registration-username-exists");

  @Override
  public void buildPage(FormContext context, LoginFormsProvider form) {
    if (!DiscreetRegistration.begin(context)) {
      stock(context).buildPage(context, form);
    }
  }

  @Override
  public void validate(ValidationContext context) {
    if (!DiscreetRegistration.begin(context)) {
      stock(context).validate(context);
      return;
    }
    var errors = errors(context);
    if (errors.isEmpty()) {
      context.success();
      return;
    }
    context.error(Errors.INVALID_REGISTRATION);
    context.validationError(
        context.getHttpRequest().getDecodedFormParameters(),
        errors.stream()
            .map(
                error ->
                    new FormMessage(
                        error.getInputHint(),
                        error.getMessage(),
                        error.getInputHintWithMessageParameters()))
            .toList());
  }

  @Override
  public void success(FormContext context) {
    if (!DiscreetRegistration.isOn(context.getSession())) {
      stock(context).success(context);
      return;
    }
    var fields = DiscreetRegistration.profileFields(context);
    context
        .getAuthenticationSession()
        .setAuthNote(
            DiscreetRegistration.ANSWERED, String.valueOf(fields.getFirst(UserModel.EMAIL)));
    PendingRegistration.enlist(context, fields);
  }

  @SuppressWarnings("unchecked") // adapts to the server's variable number of listeners
  private static List<ValidationError> errors(ValidationContext context) {
    var session = context.getSession();
    var profile =
        session
            .getProvider(UserProfileProvider.class)
            .create(UserProfileContext.REGISTRATION, DiscreetRegistration.profileFields(context));
    var names = profile.getAttributes();
    // where users choose a user name, names are public, and the form must report a taken one
    var hidden =
        context.getRealm().isRegistrationEmailAsUsername()
            ? Set.of(UserModel.EMAIL, UserModel.USERNAME)
            : Set.of(UserModel.EMAIL);
    var errors = new ArrayList<ValidationError>();
    for (var name : names.nameSet()) {
      if (hidden.contains(name)) {
        validate(session, profile, name, errors);
      } else {
        names.validate(name, errors::add);
      }
    }
    return errors;
  }

  /** Runs all validators of an attribute except those that look up an account. */
  private static void validate(
      KeycloakSession session, UserProfile profile, String name, List<ValidationError> errors) {
    var attributes = profile.getAttributes();
    var metadata = attributes.getMetadata(name);
    if (metadata == null) {
      return;
    }
    var context =
        new AttributeContext(
            UserProfileContext.REGISTRATION,
            session,
            Map.entry(name, attributes.get(name)),
            null,
            metadata,
            attributes);
    metadata.getValidators().stream()
        .filter(validator -> !LOOK_UPS.contains(validator.getValidatorId()))
        .forEach(validator -> errors.addAll(validator.validate(context).getErrors()));
  }

  private static FormAction stock(FormContext context) {
    return context.getSession().getProvider(FormAction.class, STOCK);
  }

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
