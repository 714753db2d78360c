/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.mail;

import java.util.Objects;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.email.EmailTemplateProviderFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.StockReplacement;

/** Puts the limits before the server's own provider, which writes and sends the mails. */
public final class LimitedEmailTemplatesFactory
    implements EmailTemplateProviderFactory, StockReplacement<EmailTemplateProvider> {
  /** The provider id. Never changes: operators' settings name it. */
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
