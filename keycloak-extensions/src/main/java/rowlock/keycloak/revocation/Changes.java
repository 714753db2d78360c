/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.keycloak.common.util.Time;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.Delivery;
import rowlock.keycloak.revocation.delivery.Receiver;
import rowlock.keycloak.revocation.delivery.SecurityEvent;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Frame;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.AccountWatch.Switched;
import rowlock.keycloak.revocation.stock.StoredAccounts;
import rowlock.keycloak.revocation.stock.UserSessions;
import rowlock.keycloak.support.AfterCommit;

/**
 * What one transaction changes in one realm. Just before the commit it is written into the outbox,
 * so that it is told if and only if it happened; right after it is pushed.
 */
final class Changes {
  private final KeycloakSession session;
  private final RealmModel realm;
  private final List<Receiver> receivers;
  private final Delivery delivery;
  private final List<Function<Frame, List<SecurityEvent>>> changes = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> mayBeOver = new HashSet<>();
  private final Set<String> over = new HashSet<>();
  private final Set<String> deletedByUser = new HashSet<>();
  private boolean importedByAdmin;
  private final List<Delivery.Written> written = new ArrayList<>();

  private Changes(KeycloakSession session, RealmModel realm, Delivery delivery) {
    this.session = session;
    this.realm = realm;
    this.receivers = Receiver.of(session, realm);
    this.delivery = delivery;
  }

  /** Those of the session's transaction. */
  static Changes of(KeycloakSession session, RealmModel realm, Delivery delivery) {
    var attribute = Changes.class.getName() + "." + realm.getId();
    var existing = session.getAttribute(attribute, Changes.class);
    if (existing != null) {
      return existing;
    }
    var changes = new Changes(session, realm, delivery);
    session.setAttribute(attribute, changes);
    if (changes.areWanted()) {
      changes.openProviders();
      session.getTransactionManager().enlistPrepare(changes.new Write());
      AfterCommit.run(session, changes::push);
    }
    return changes;
  }

  /**
   * Opens what the write before the commit uses. Each of these providers enlists a transaction of
   * its own when it is made, which fails once the commit has begun; a request that ends nothing may
   * have used none of them. What a question needs further, such as a user's directory, is opened by
   * asking the same question when the change is noted.
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

  /** Whether anybody is told. Nothing need be found out for nobody. */
  boolean areWanted() {
    return !receivers.isEmpty();
  }

  RealmModel realm() {
    return realm;
  }

  /**
   * Adds what happened.
   *
   * @param identity what is told once
   */
  void add(String identity, Function<Frame, SecurityEvent> event) {
    if (known.add(identity)) {
      changes.add(frame -> List.of(event.apply(frame)));
    }
  }

  /** Adds the end of a session that the server is ending now, or has ended. */
  void sessionEnds(String sessionId, String userId, Initiator initiator) {
    if (known.add("session " + sessionId)) {
      noteEnd(sessionId);
      changes.add(ended(sessionId, userId, initiator));
    }
  }

  /** Adds the end of a session if it is over when all is done. */
  void sessionMayEnd(String sessionId, String userId, Initiator initiator) {
    if (known.add("session " + sessionId)) {
      var ended = ended(sessionId, userId, initiator);
      noteEnd(sessionId);
      changes.add(
          frame ->
              UserSessions.isOnline(session, realm, sessionId) ? List.of() : ended.apply(frame));
    }
  }

  /**
   * Notes a session that may be over at the commit. Asks now what is asked then, so that every
   * provider that the answer needs has enlisted its transaction.
   */
  private void noteEnd(String sessionId) {
    UserSessions.isOnline(session, realm, sessionId);
    UserSessions.isOffline(session, realm, sessionId);
    mayBeOver.add(sessionId);
  }

  /**
   * An offline token has the id of the session that it came from and lives on when that ends. Then
   * the tokens of the clients that were in the session end, and not whatever has its id.
   */
  private Function<Frame, List<SecurityEvent>> ended(
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

  /** Adds the end of a session that this transaction still sees going on. */
  void sessionIsOver(String sessionId, String userId, Initiator initiator) {
    over.add(sessionId);
    add("session " + sessionId, frame -> frame.sessionRevoked(sessionId, userId, initiator));
  }

  /** Adds the end of a client's part of a session that this transaction still sees going on. */
  void clientSessionIsOver(String sessionId, String userId, String clientId, Initiator initiator) {
    add(
        "session " + sessionId + " client " + clientId,
        frame -> frame.clientSessionRevoked(sessionId, userId, clientId, initiator));
  }

  /**
   * Adds the end of a client's part in every session.
   *
   * @param issuedUntil what was issued until then ends, in milliseconds; empty for now
   */
  void clientIsOver(ClientModel client, Optional<Long> issuedUntil, Initiator initiator) {
    var clientId = client.getClientId();
    for (var one : UserSessions.ofClient(session, client)) {
      add(
          "session " + one.id() + " client " + clientId,
          frame ->
              frame
                  .at(issuedUntil.orElse(frame.toe()))
                  .clientSessionRevoked(one.id(), one.userId(), clientId, initiator));
    }
  }

  /** Adds accounts that were disabled or enabled. */
  void switched(List<Switched> accounts, Initiator initiator) {
    for (var account : accounts) {
      var type = account.enabled() ? SecurityEvent.ACCOUNT_ENABLED : SecurityEvent.ACCOUNT_DISABLED;
      add(
          "account " + account.userId() + account.enabled(),
          frame -> frame.account(type, account.userId(), initiator));
    }
  }

  /** Adds the end of a client's part of a session, or of the session if that was all of it. */
  void clientSessionEnds(String sessionId, String userId, String clientId, Initiator initiator) {
    if (known.add("session " + sessionId + " client " + clientId)) {
      noteEnd(sessionId);
      changes.add(
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
   * finishes a login that was under way, such as a re-authentication, would get a new session with
   * the id of the one that was revoked.
   */
  private void removeLogins() {
    mayBeOver.stream().filter(id -> !UserSessions.isOnline(session, realm, id)).forEach(over::add);
    over.forEach(id -> UserSessions.removeLogins(session, realm, id));
    mayBeOver.clear();
    over.clear();
  }

  /**
   * Adds the removal of an account. One whose id exists at the end of the transaction was replaced,
   * as an import does, and not removed: what was issued to it ends, what it has stays.
   */
  void accountRemoved(String userId, Initiator initiator) {
    if (known.add("removed " + userId)) {
      changes.add(
          frame -> {
            var by = importedByAdmin ? Initiator.ADMIN : initiator;
            if (StoredAccounts.isEnabled(session, realm, userId).isEmpty()) {
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

  /** The removal of this account in the same transaction is its own user's wish. */
  void deletedByUser(String userId) {
    deletedByUser.add(userId);
  }

  /**
   * Adds the creation of an account with a given id, by an administrator's import. Accounts that
   * the same transaction has removed were replaced by it.
   */
  void accountImported(String userId) {
    importedByAdmin = true;
    if (known.add("created " + userId)) {
      changes.add(frame -> created(frame, userId, Initiator.ADMIN));
    }
  }

  private List<SecurityEvent> created(Frame frame, String userId, Initiator initiator) {
    var enabled = StoredAccounts.isEnabled(session, realm, userId);
    if (enabled.isEmpty()) {
      return List.of();
    }
    var created = frame.accountCreated(userId, initiator);
    // of the same time: disabled wins
    return enabled.get()
        ? List.of(created)
        : List.of(created, frame.account(SecurityEvent.ACCOUNT_DISABLED, userId, initiator));
  }

  private void write() {
    // with a realm that is removed go its keys, and whoever would be told
    if (changes.isEmpty() || session.realms().getRealm(realm.getId()) == null) {
      return;
    }
    var frame = new Frame(delivery.issuer(session, realm), Time.currentTimeMillis());
    var events = changes.stream().flatMap(change -> change.apply(frame).stream()).toList();
    removeLogins();
    written.add(delivery.write(session, realm, receivers, events, true));
    changes.clear();
  }

  private void push() {
    var factory = session.getKeycloakSessionFactory();
    written.forEach(one -> delivery.push(factory, realm.getId(), receivers, one));
  }

  /** The server commits this first, when everything of the request is done. */
  private final class Write extends AbstractKeycloakTransaction {
    @Override
    protected void commitImpl() {
      write();
    }

    @Override
    protected void rollbackImpl() {}
  }
}
