/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import rowlock.api.owner.Owner;

/**
 * The call of {@code rowlock.enter} that precedes a statement: its text and its parameters.
 *
 * <p>In a read-only transaction the call itself makes the transaction read-only, because {@code
 * rowlock.enter} has to record a proof of possession first.
 */
final class EnterCall {
  private static final String ENTER = "select rowlock.enter(?, ?, ?, ?)";
  private static final String ENTER_WITH_PROOF = "select rowlock.enter(?, ?, ?, ?, ?, ?, ?)";
  // PostgreSQL evaluates the columns from left to right, and permits this setting at any time.
  private static final String READ_ONLY = ", set_config('transaction_read_only', 'on', true)";

  private EnterCall() {}

  /** Returns the call without a semicolon; shorter for a request without a proof. */
  static String text(Owner owner, boolean readOnly) {
    var enter = owner.proof() == null ? ENTER : ENTER_WITH_PROOF;
    return readOnly ? enter + READ_ONLY : enter;
  }

  /** Returns the number of parameters of the call. */
  static int parameters(Owner owner) {
    return owner.proof() == null ? 4 : 7;
  }

  /** Sets the first parameters of the statement. */
  static void bind(PreparedStatement statement, Owner owner) throws SQLException {
    statement.setObject(1, owner.id());
    statement.setString(2, owner.sessionId());
    statement.setString(3, owner.clientId());
    statement.setLong(4, owner.issuedAt().getEpochSecond());
    var proof = owner.proof();
    if (proof != null) {
      statement.setObject(5, proof.id());
      statement.setLong(6, proof.issuedAt().getEpochSecond());
      statement.setObject(7, proof.request());
    }
  }

  /** Returns whether {@code rowlock.enter} raised the failure. */
  static boolean refused(SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith("TA");
  }
}
