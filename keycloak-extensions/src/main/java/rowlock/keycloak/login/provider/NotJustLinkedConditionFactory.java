/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.provider;

import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticator;
import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticatorFactory;
import rowlock.keycloak.support.FlowStepFactory;

/** The condition {@code rowlock-not-just-linked}, as the admin console shows it. */
public final class NotJustLinkedConditionFactory extends FlowStepFactory
    implements ConditionalAuthenticatorFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-not-just-linked";

  /** Used by the service loader. */
  public NotJustLinkedConditionFactory() {
    super(
        ID,
        "Condition - not just linked",
        "For the flow after the login with another identity provider: skips the steps if the"
            + " first login flow has just linked the account and verified a second factor.");
  }

  @Override
  public String getReferenceCategory() {
    return REFERENCE_CATEGORY;
  }

  @Override
  public ConditionalAuthenticator getSingleton() {
    return new NotJustLinkedCondition();
  }
}
