/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.EventDelivery;
import rowlock.keycloak.revocation.delivery.Receiver;
import rowlock.keycloak.revocation.delivery.SecurityEvent;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Frame;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.AccountWatch.Switched;
import rowlock.keycloak.revocation.stock.StoredAccounts;
import rowlock.keycloak.revocation.stock.UserSessions;
import rowlock.keycloak.support.AfterCommit;

/**
 * The security events of one transaction in one realm. They are written to the outbox just before
 * the commit, so that they are sent if and only if the transaction commits, and pushed right after
 * it.
 */
final class PendingEvents {
  private final KeycloakSession session;
  private final RealmModel realm;
  private final List<Receiver> receivers;
  private final EventDelivery delivery;
  private final List<Function<Frame, List<SecurityEvent>>> noted = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> mayHaveEnded = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<String> deletedByUser = new HashSet<>();
  private boolean importedByAdmin;
  private final List<Runnable> pushes = new ArrayList<>();

  private PendingEvents(KeycloakSession session, RealmModel realm, EventDelivery delivery) {
    this.session = session;
    this.realm = realm;
    this.receivers = Receiver.of(session, realm);
    this.delivery = delivery;
  }

  /** Returns the events of the transaction of a session. */
  static PendingEvents of(KeycloakSession session, RealmModel realm, EventDelivery delivery) {
    var attribute = PendingEvents.class.getName() + "." + realm.getId();
    var existing = session.getAttribute(attribute, PendingEvents.class);
    if (existing != null) {
      return existing;
    }
    var pending = new PendingEvents(session, realm, delivery);
    session.setAttribute(attribute, pending);
    if (pending.hasReceivers()) {
      pending.openProviders();
      session.getTransactionManager().enlistPrepare(pending.new Write());
      AfterCommit.run(session, () -> pending.pushes.forEach(Runnable::run));
    }
    return pending;
  }

  /**
   * Creates the providers that {@link #write} uses. Each one enlists a transaction of its own when
   * it is created, which fails once the commit has begun. Providers behind them, such as that of a
   * directory, are created by the same queries when an event is noted.
   */
  private void openProviders() {
    Stream.of(
            session.realms(),
            session.clients(),
            session.users(),
            session.sessions(),
            session.authenticationSessions())
        .forEach(Objects::requireNonNull);
    delivery.openProviders(session);
  }

  /** Returns whether the realm has receivers. Without, callers skip their look-ups. */
  boolean hasReceivers() {
    return !receivers.isEmpty();
  }

  RealmModel realm() {
    return realm;
  }

  /**
   * Adds an event.
   *
   * @param identity an event with the same identity is added once
   */
  void add(String identity, Function<Frame, SecurityEvent> event) {
    if (known.add(identity)) {
      noted.add(frame -> List.of(event.apply(frame)));
    }
  }

  /** Adds the end of a session that Keycloak is ending or has ended. */
  void sessionEnds(String sessionId, String userId, Initiator initiator) {
    if (known.add("session " + sessionId)) {
      noteEnd(sessionId);
      noted.add(revoked(sessionId, userId, initiator));
    }
  }

  /** Adds the end of a session if it has ended at the commit. */
  void sessionMayEnd(String sessionId, String userId, Initiator initiator) {
    if (known.add("session " + sessionId)) {
      var revoked = revoked(sessionId, userId, initiator);
      noteEnd(sessionId);
      noted.add(
          frame ->
              UserSessions.isOnline(session, realm, sessionId) ? List.of() : revoked.apply(frame));
    }
  }

  /**
   * Notes a session that may have ended at the commit. Runs the queries of that time now, so that
   * every provider behind them has enlisted its transaction.
   */
  private void noteEnd(String sessionId) {
    UserSessions.isOnline(session, realm, sessionId);
    UserSessions.isOffline(session, realm, sessionId);
    mayHaveEnded.add(sessionId);
  }

  /**
   * Returns the end of a session. An offline token has the id of the session that it came from and
   * outlives it. Then the tokens of the session's clients are revoked, and not all with its id.
   */
  private Function<Frame, List<SecurityEvent>> revoked(
      String sessionId, String userId, Initiator initiator) {
    if (!UserSessions.isOffline(session, realm, sessionId)) {
      return frame -> List.of(frame.sessionRevoked(sessionId, userId, initiator));
    }
    var user = session.users().getUserById(realm, userId);
    var clients =
        user == null
            ? Set.<String>of()
            : UserSessions.before(session, realm, user, false).getOrDefault(sessionId, Set.of());
    return frame ->
        UserSessions.isOffline(session, realm, sessionId)
            ? clients.stream()
                .map(client -> frame.clientSessionRevoked(sessionId, userId, client, initiator))
                .toList()
            : List.of(frame.sessionRevoked(sessionId, userId, initiator));
  }

  /** Adds the end of a session that this transaction still sees. */
  void sessionEnded(String sessionId, String userId, Initiator initiator) {
    ended.add(sessionId);
    add("session " + sessionId, frame -> frame.sessionRevoked(sessionId, userId, initiator));
  }

  /** Adds the end of a client session that this transaction still sees. */
  void clientSessionEnded(String sessionId, String userId, String clientId, Initiator initiator) {
    add(
        "session " + sessionId + " client " + clientId,
        frame -> frame.clientSessionRevoked(sessionId, userId, clientId, initiator));
  }

  /**
   * Adds the end of a client's part of every session.
   *
   * @param issuedUntil tokens issued until then are revoked, in milliseconds; null for now
   */
  void clientEnded(ClientModel client, @Nullable Long issuedUntil, Initiator initiator) {
    var clientId = client.getClientId();
    for (var one : UserSessions.ofClient(session, client)) {
      add(
          "session " + one.id() + " client " + clientId,
          frame ->
              frame
                  .at(issuedUntil == null ? frame.toe() : issuedUntil)
                  .clientSessionRevoked(one.id(), one.userId(), clientId, initiator));
    }
  }

  /** Adds accounts that were disabled or enabled. */
  void accountsSwitched(List<Switched> accounts, Initiator initiator) {
    for (var account : accounts) {
      var type = account.enabled() ? SecurityEvent.ACCOUNT_ENABLED : SecurityEvent.ACCOUNT_DISABLED;
      add(
          "account " + account.userId() + account.enabled(),
          frame -> frame.account(type, account.userId(), initiator));
    }
  }

  /** Adds the end of a client session, or of the session if it was the last one. */
  void clientSessionEnds(String sessionId, String userId, String clientId, Initiator initiator) {
    if (known.add("session " + sessionId + " client " + clientId)) {
      noteEnd(sessionId);
      noted.add(
          frame -> {
            if (UserSessions.isOnline(session, realm, sessionId)
                || UserSessions.isOffline(session, realm, sessionId)) {
              return List.of(frame.clientSessionRevoked(sessionId, userId, clientId, initiator));
            }
            return known.add("session " + sessionId)
                ? List.of(frame.sessionRevoked(sessionId, userId, initiator))
                : List.of();
          });
    }
  }

  /**
   * Removes the logins of ended sessions. A login and its session share their id: a user who
   * completes a pending login, such as a re-authentication, would get a new session with the id of
   * the revoked one.
   */
  private void removeLogins() {
    mayHaveEnded.stream()
        .filter(id -> !UserSessions.isOnline(session, realm, id))
        .forEach(ended::add);
    ended.forEach(id -> UserSessions.removeLogins(session, realm, id));
    mayHaveEnded.clear();
    ended.clear();
  }

  /**
   * Adds the removal of an account. If its id exists at the commit, an import has replaced it: its
   * tokens are revoked, and its data stays.
   */
  void accountRemoved(String userId, Initiator initiator) {
    if (known.add("removed " + userId)) {
      noted.add(
          frame -> {
            var by = importedByAdmin ? Initiator.ADMIN : initiator;
            if (StoredAccounts.isEnabled(session, realm, userId) == null) {
              return List.of(
                  frame.account(
                      SecurityEvent.ACCOUNT_PURGED,
                      userId,
                      deletedByUser.contains(userId) ? Initiator.USER : by));
            }
            var events = new ArrayList<SecurityEvent>();
            events.add(frame.accountSessionsRevoked(userId, by));
            if (known.add("created " + userId)) {
              events.addAll(created(frame, userId, by));
            }
            return events;
          });
    }
  }

  /** Notes that a user deleted their account themselves, in this transaction. */
  void deletedByUser(String userId) {
    deletedByUser.add(userId);
  }

  /**
   * Adds the creation of an account with a given id by an administrator's import, which replaces
   * the accounts that the same transaction has removed.
   */
  void accountImported(String userId) {
    importedByAdmin = true;
    if (known.add("created " + userId)) {
      noted.add(frame -> created(frame, userId, Initiator.ADMIN));
    }
  }

  private List<SecurityEvent> created(Frame frame, String userId, Initiator initiator) {
    var enabled = StoredAccounts.isEnabled(session, realm, userId);
    if (enabled == null) {
      return List.of();
    }
    var created = frame.accountCreated(userId, initiator);
    // at the same time, disabled takes precedence
    return enabled
        ? List.of(created)
        : List.of(created, frame.account(SecurityEvent.ACCOUNT_DISABLED, userId, initiator));
  }

  private void write() {
    // a realm that is removed has neither keys nor receivers any more
    if (noted.isEmpty() || session.realms().getRealm(realm.getId()) == null) {
      return;
    }
    var frame = new Frame(delivery.issuer(session, realm), Time.currentTimeMillis());
    var events = noted.stream().flatMap(event -> event.apply(frame).stream()).toList();
    removeLogins();
    pushes.add(delivery.write(session, realm, receivers, events, true));
    noted.clear();
  }

  /** Is committed first, when the request is complete. */
  private final class Write extends AbstractKeycloakTransaction {
    @Override
    protected void commitImpl() {
      write();
    }

    @Override
    protected void rollbackImpl() {}
  }
}
