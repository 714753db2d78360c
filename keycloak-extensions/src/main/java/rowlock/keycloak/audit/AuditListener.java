/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Logs the events of one request. The line is created at once, because the server modifies its
 * event object later; it is written after the transaction of the request. A failure is logged and
 * counted, and the request continues.
 */
final class AuditListener implements EventListenerProvider {
  private final KeycloakSession session;
  private final AuditTransaction transaction;
  private final LineLimits limits;
  private boolean enlisted;

  AuditListener(KeycloakSession session, AuditTransaction transaction, LineLimits limits) {
    this.session = session;
    this.transaction = transaction;
    this.limits = limits;
  }

  @Override
  public void onEvent(Event event) {
    if (AuditLine.isLogged(event.getType())) {
      ListenerFailures.contain(
          AuditListenerFactory.ID, event.getType().name(), () -> addWithinLimit(event));
    }
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    ListenerFailures.contain(
        AuditListenerFactory.ID,
        String.valueOf(event.getOperationType()),
        () -> add(AuditLine.of(event)));
  }

  private void addWithinLimit(Event event) {
    if (!AnonymousEvents.canCause(event) || limits.admit(event)) {
      add(AuditLine.of(event));
    }
  }

  private void add(AuditLine line) {
    transaction.add(line);
    if (!enlisted) {
      enlisted = true;
      session.getTransactionManager().enlistAfterCompletion(transaction);
    }
  }

  @Override
  public void close() {}
}
