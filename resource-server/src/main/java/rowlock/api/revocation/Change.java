/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The effect of an event on the ledger.
 *
 * @param kind the kind of event
 * @param session the {@code sid} of the session concerned
 * @param client the OAuth client whose tokens of the session are revoked; empty for all clients
 * @param account the {@code sub} of the account concerned
 */
record Change(
    Kind kind, @Nullable String session, @Nullable String client, @Nullable UUID account) {

  /** Represents all clients in the ledger, whose column is not nullable. */
  private static final String EVERY_CLIENT = "";

  /** A valid event that revokes nothing. */
  static final Change NONE = new Change(Kind.NONE, null, null, null);

  /** The kinds of events, by their name in {@code rowlock.apply_event}. */
  enum Kind {
    /**
     * Revokes the tokens of the session that were issued until then, for every client; {@link
     * #EVERY_CLIENT} represents them. Tokens issued later stay valid: an issuer may reuse a session
     * id, and its signed-in user would be refused.
     */
    SESSION_ENDED("client-session-ended"),
    /** Revokes the client's tokens of the session that were issued until then. */
    CLIENT_SESSION_ENDED("client-session-ended"),
    /** Revokes the account's tokens that were issued until then. */
    ACCOUNT_SESSIONS_ENDED("account-sessions-ended"),
    /** Revokes all tokens that were issued until then. */
    ALL_SESSIONS_ENDED("all-sessions-ended"),
    /** Revokes the account's tokens, whenever issued, until it is enabled. */
    ACCOUNT_DISABLED("account-disabled"),
    /** Ends an older disablement. */
    ACCOUNT_ENABLED("account-enabled"),
    /** An account with this id was created. Ends an older removal and disablement. */
    ACCOUNT_CREATED("account-created"),
    /**
     * The account was removed. Revokes its tokens that were issued until then, hides its rows, and
     * erases them after the retention period.
     */
    ACCOUNT_PURGED("account-purged"),
    /** As {@link #ACCOUNT_PURGED}, requested by the account's own user. */
    ACCOUNT_PURGED_BY_USER("account-purged"),
    /** No effect. */
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
