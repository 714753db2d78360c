/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import org.jboss.logging.Logger;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.ExtensionFactory;

/**
 * Makes the listener {@code rowlock-audit}. It is global: it hears every realm, and no realm can
 * forget to switch it on.
 */
public final class AuditListenerFactory
    implements EventListenerProviderFactory, ExtensionFactory<EventListenerProvider> {
  /** The provider id. Never changes: operators' settings and dashboards name it. */
  static final String ID = "rowlock-audit";

  private static final Logger AUDIT = Logger.getLogger("rowlock.audit");

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new AuditListener(session, new AuditTransaction(AuditListenerFactory::write));
  }

  // Does not throw when a log file cannot be written: the log manager hands that to its error
  // manager.
  private static void write(AuditLine line) {
    AUDIT.log(line.refused() ? Logger.Level.WARN : Logger.Level.INFO, line.json());
  }

  @Override
  public boolean isGlobal() {
    return true;
  }

  @Override
  public String getId() {
    return ID;
  }
}
