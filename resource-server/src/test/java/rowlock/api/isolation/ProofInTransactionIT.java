/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.api.owner.Owner;

/** A proof of possession is accepted for one request, whatever happens to its transactions. */
class ProofInTransactionIT extends PoolOfOne {
  private Owner request;
  private Owner replay;

  @BeforeEach
  void makeAProof() {
    var proof = UUID.randomUUID();
    request = withProof(proof);
    replay = withProof(proof);
  }

  private Owner withProof(UUID proof) {
    return new Owner(
        ann.id(),
        ann.sessionId(),
        ann.clientId(),
        ann.issuedAt(),
        new Owner.Proof(proof, Instant.now(), UUID.randomUUID()));
  }

  private void replayIsRefused() {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> titles(replay))
        .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("TA409"));
  }

  private void inTransaction(Work<?> work) throws SQLException {
    as(
        request,
        connection -> {
          connection.setAutoCommit(false);
          work.on(connection);
          return true;
        });
  }

  private static List<String> read(Connection connection) throws SQLException {
    var titles = titles(connection);
    assertThat(titles).containsExactly("ann's");
    return titles;
  }

  private PreparedStatement batch(Connection connection) throws SQLException {
    var insert = connection.prepareStatement(INSERT, new String[] {"id"});
    for (var title : List.of("one", "two")) {
      insert.setObject(1, ann.id());
      insert.setString(2, title);
      insert.addBatch();
    }
    return insert;
  }

  @Test
  void readOnlyTransaction_ofSeveralStatements_isOneUse() throws SQLException {
    as(
        request,
        connection -> {
          connection.setReadOnly(true);
          connection.setAutoCommit(false);
          read(connection);
          read(connection);
          var savepoint = connection.setSavepoint();
          assertThatExceptionOfType(SQLException.class)
              .isThrownBy(() -> batch(connection).executeBatch())
              .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("25006"));
          connection.rollback(savepoint);
          read(connection);
          connection.commit();
          connection.setAutoCommit(true);
          connection.setReadOnly(false);
          return read(connection);
        });
    replayIsRefused();
  }

  /** Simulates a read-only server: a proof that cannot be recorded could be replayed. */
  @Test
  void readOnlyTransaction_thatCannotRecordTheProof_isRefused() throws SQLException {
    var proof = Objects.requireNonNull(request.proof());
    try (var connection = database.bare().getConnection()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      try (var enter = connection.prepareStatement("select rowlock.enter(?, ?, ?, ?, ?, ?, ?)")) {
        enter.setObject(1, request.id());
        enter.setString(2, request.sessionId());
        enter.setString(3, request.clientId());
        enter.setLong(4, request.issuedAt().getEpochSecond());
        enter.setObject(5, proof.id());
        enter.setLong(6, proof.issuedAt().getEpochSecond());
        enter.setObject(7, proof.request());
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(enter::executeQuery)
            .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("25006"));
      }
      connection.rollback();
    }
  }

  @Test
  void readOnlyTransaction_withTheProofOfAnotherRequest_isRefused() throws SQLException {
    titles(request);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                as(
                    replay,
                    connection -> {
                      connection.setReadOnly(true);
                      connection.setAutoCommit(false);
                      return titles(connection);
                    }))
        .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("TA409"));
  }

  @Test
  void readOnlyTransaction_whoseSessionEnds_isRefused() throws SQLException {
    as(
        request,
        connection -> {
          connection.setReadOnly(true);
          connection.setAutoCommit(false);
          read(connection);
          database.asSuperuser(
              "insert into rowlock.revoked_session values ('session', now() + interval '1 hour')");
          try {
            assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> titles(connection))
                .satisfies(ended -> assertThat(ended.getSQLState()).isEqualTo("TA401"));
            // neither can the use of the proof be recorded for it
            assertThatExceptionOfType(SQLException.class)
                .isThrownBy(connection::rollback)
                .satisfies(ended -> assertThat(ended.getSQLState()).isEqualTo("TA401"));
            assertThat(connection.getAutoCommit()).isFalse();
          } finally {
            database.asSuperuser("delete from rowlock.revoked_session");
          }
          return true;
        });
  }

  @Test
  void rolledBackTransaction_hasUsedTheProof() throws SQLException {
    inTransaction(
        connection -> {
          read(connection);
          connection.rollback();
          return read(connection);
        });
    replayIsRefused();
  }

  @Test
  void transactionThatIsLeftOpen_hasUsedTheProof() throws SQLException {
    inTransaction(ProofInTransactionIT::read);
    replayIsRefused();
  }

  @Test
  void transactionWithAFailure_hasUsedTheProof() throws SQLException {
    inTransaction(
        connection -> {
          read(connection);
          try (var bad = connection.prepareStatement("select 1 / 0")) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(bad::executeQuery);
          }
          connection.rollback();
          return true;
        });
    replayIsRefused();
  }

  @Test
  void rollbackToASavepointBeforeTheFirstStatement_hasUsedTheProof() throws SQLException {
    for (var commit : new boolean[] {true, false}) {
      makeAProof();
      inTransaction(
          connection -> {
            var first = connection.setSavepoint();
            read(connection);
            connection.rollback(first);
            if (commit) {
              connection.commit();
            } else {
              connection.setAutoCommit(true);
            }
            return true;
          });
      replayIsRefused();
    }
  }

  @Test
  void batchesAndStatementsOfOneRequest_areOneUse() throws SQLException {
    as(
        request,
        connection -> {
          try (var batch = batch(connection)) {
            assertThat(batch.executeBatch()).containsOnly(1);
          }
          connection.setAutoCommit(false);
          try (var batch = batch(connection)) {
            assertThat(batch.executeBatch()).containsOnly(1);
          }
          try (var delete =
              connection.prepareStatement("delete from probe.item where title <> 'ann''s'")) {
            assertThat(delete.executeUpdate()).isEqualTo(4);
          }
          connection.commit();
          return true;
        });
    replayIsRefused();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> as(replay, connection -> batch(connection).executeBatch()))
        .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("TA409"));
  }
}
