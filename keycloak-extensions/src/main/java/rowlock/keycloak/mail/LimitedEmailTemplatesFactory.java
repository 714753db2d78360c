/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.mail;

import java.util.Objects;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.email.EmailTemplateProviderFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.StockReplacement;

/** Registers the limits in place of the server's own provider, to which they delegate. */
public final class LimitedEmailTemplatesFactory
    implements EmailTemplateProviderFactory, StockReplacement<EmailTemplateProvider> {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-limited";

  private static final String STOCK = "freemarker";

  @Override
  public EmailTemplateProvider create(KeycloakSession session) {
    return new LimitedEmailTemplates(
        session,
        Objects.requireNonNull(session.getProvider(EmailTemplateProvider.class, STOCK), STOCK));
  }

  @Override
  public String getId() {
    return ID;
  }
}
