/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTransactionTest {
  private final List<AuditLine> written = new ArrayList<>();
  private final AuditTransaction transaction = new AuditTransaction(written::add);
  private final AuditLine registration = new AuditLine("{\"event\":\"REGISTER\"}", false);

  @Test
  void lines_beforeCommit_areNotWritten() {
    transaction.begin();
    transaction.add(registration);

    assertThat(written).isEmpty();
  }

  @Test
  void lines_afterCommit_areWritten() {
    transaction.begin();
    transaction.add(registration);
    transaction.commit();

    assertThat(written).containsExactly(registration);
  }

  @Test
  void lines_afterRollback_areNotWritten() {
    transaction.begin();
    transaction.add(registration);
    transaction.rollback();

    assertThat(written).isEmpty();
  }
}
