/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.keycloak.models.AbstractKeycloakTransaction;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Holds lines back until their transaction is committed: a change that is rolled back is not
 * logged. Refusals are not lost with the request that they end, because the server reports an error
 * in a transaction of its own.
 */
final class AuditTransaction extends AbstractKeycloakTransaction {
  private final Consumer<AuditLine> log;
  private final List<AuditLine> lines = new ArrayList<>();

  AuditTransaction(Consumer<AuditLine> log) {
    this.log = log;
  }

  void add(AuditLine line) {
    lines.add(line);
  }

  @Override
  protected void commitImpl() {
    // the request is committed, so a failure here must not look like a rollback
    lines.forEach(
        line -> ListenerFailures.contain(AuditListenerFactory.ID, "write", () -> log.accept(line)));
    lines.clear();
  }

  @Override
  protected void rollbackImpl() {
    lines.clear();
  }
}
