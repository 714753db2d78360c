/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an event changes in the ledger.
 *
 * @param kind what has happened
 * @param session the {@code sid} that it has happened to
 * @param client the OAuth client whose part of the session it was; empty for all clients
 * @param account the {@code sub} that it has happened to
 */
record Change(
    Kind kind, @Nullable String session, @Nullable String client, @Nullable UUID account) {

  /** Stands for all clients in the ledger, whose column must not be null. */
  private static final String EVERY_CLIENT = "";

  /** Worth knowing, and nothing to cut off. */
  static final Change NONE = new Change(Kind.NONE, null, null, null);

  /** What can happen, by the name that {@code rowlock.apply_event} knows it by. */
  enum Kind {
    /**
     * Every client's tokens of the session that were issued until then are cut off; {@link
     * #EVERY_CLIENT} says so. Not those issued later: an issuer may use a session id again, and its
     * user would be refused although signed in.
     */
    SESSION_ENDED("client-session-ended"),
    /** The client's tokens of the session that were issued until then are cut off. */
    CLIENT_SESSION_ENDED("client-session-ended"),
    /** The account's tokens that were issued until then are cut off. */
    ACCOUNT_SESSIONS_ENDED("account-sessions-ended"),
    /** Everybody's tokens that were issued until then are cut off. */
    ALL_SESSIONS_ENDED("all-sessions-ended"),
    /** The account's tokens are cut off, whenever issued, until it is enabled. */
    ACCOUNT_DISABLED("account-disabled"),
    /** Ends a disablement that is older. */
    ACCOUNT_ENABLED("account-enabled"),
    /**
     * An account with this id was created, which ends a removal and a disablement that are older.
     */
    ACCOUNT_CREATED("account-created"),
    /**
     * The account was removed: its tokens that were issued until then are cut off, its rows are
     * hidden, and erased after the retention period.
     */
    ACCOUNT_PURGED("account-purged"),
    /** The same, by the account's own user. */
    ACCOUNT_PURGED_BY_USER("account-purged"),
    /** Nothing. */
    NONE("none");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  static Change ofSession(String session) {
    return new Change(Kind.SESSION_ENDED, session, EVERY_CLIENT, null);
  }

  static Change ofClientSession(String session, String client) {
    return new Change(Kind.CLIENT_SESSION_ENDED, session, client, null);
  }

  static Change ofEverybody() {
    return new Change(Kind.ALL_SESSIONS_ENDED, null, null, null);
  }

  static Change ofAccount(Kind kind, UUID account) {
    return new Change(kind, null, null, account);
  }
}
