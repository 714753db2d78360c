/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import rowlock.api.owner.Owner;

/** Two owners of rows in one database, isolated from each other. */
public abstract class TwoOwners {
  protected final Owner ann = someone();
  protected final Owner bob = someone();

  private static Owner someone() {
    return new Owner(UUID.randomUUID(), UUID.randomUUID().toString(), "client", Instant.now());
  }

  /** Returns the owner in a new request, with this proof of possession. */
  protected static Owner withProof(Owner owner, UUID proof) {
    return new Owner(
        owner.id(),
        owner.sessionId(),
        owner.clientId(),
        owner.issuedAt(),
        new Owner.Proof(proof, Instant.now(), UUID.randomUUID()));
  }

  protected static void as(Owner owner, Runnable work) {
    owner.call(
        () -> {
          work.run();
          return true;
        });
  }

  /** Expects a failure that is caused by an SQL exception with this state. */
  protected static void fails(String state, Runnable work) {
    assertThatThrownBy(work::run)
        .satisfies(
            failure -> {
              Throwable cause = failure;
              while (!(cause instanceof SQLException)) {
                cause = cause.getCause();
                assertThat(cause).as("a cause in %s", failure).isNotNull();
              }
              assertThat(((SQLException) cause).getSQLState()).isEqualTo(state);
            });
  }
}
