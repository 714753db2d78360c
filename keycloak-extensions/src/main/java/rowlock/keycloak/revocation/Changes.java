/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.keycloak.common.util.Time;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.SecurityEvent.Frame;
import rowlock.keycloak.revocation.SecurityEvent.Initiator;
import rowlock.keycloak.support.Outbox;
import rowlock.keycloak.support.UserSessions;

/**
 * What one transaction changes in one realm. Just before the commit it is written into the outbox,
 * so that it is told if and only if it happened; right after it is pushed.
 */
final class Changes {
  /** How long the node that wrote a message has it for itself. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  private final KeycloakSession session;
  private final RealmModel realm;
  private final List<Receiver> receivers;
  private final Delivery delivery;
  private final List<Change> changes = new ArrayList<>();
  private final Set<Object> known = new LinkedHashSet<>();
  private final List<Outbox.Message> written = new ArrayList<>();

  private record Change(Initiator initiator, Function<Frame, Optional<SecurityEvent>> event) {}

  private Changes(KeycloakSession session, RealmModel realm, Delivery delivery) {
    this.session = session;
    this.realm = realm;
    this.receivers = Receiver.of(session, realm);
    this.delivery = delivery;
  }

  /** Those of the session's transaction. */
  static Changes of(KeycloakSession session, RealmModel realm, Delivery delivery) {
    var attribute = Changes.class.getName() + realm.getId();
    var existing = session.getAttribute(attribute, Changes.class);
    if (existing != null) {
      return existing;
    }
    var changes = new Changes(session, realm, delivery);
    session.setAttribute(attribute, changes);
    if (changes.areWanted()) {
      session.getTransactionManager().enlistPrepare(changes.new Write());
      session.getTransactionManager().enlistAfterCompletion(changes.new Push());
    }
    return changes;
  }

  /** Whether anybody is told. */
  boolean areWanted() {
    return !receivers.isEmpty();
  }

  RealmModel realm() {
    return realm;
  }

  /** Adds what happened, once. */
  void add(Object identity, Initiator initiator, Function<Frame, SecurityEvent> event) {
    if (known.add(identity)) {
      changes.add(new Change(initiator, frame -> Optional.of(event.apply(frame))));
    }
  }

  /** Adds the end of a session, which is told if the session is over when all is done. */
  void sessionMayEnd(String sessionId, String userId, Initiator initiator) {
    if (known.add("session " + sessionId)) {
      changes.add(
          new Change(
              initiator,
              frame ->
                  UserSessions.isOver(session, realm, sessionId)
                      ? Optional.of(frame.sessionRevoked(sessionId, userId))
                      : Optional.empty()));
    }
  }

  private void write() {
    if (changes.isEmpty()) {
      return;
    }
    var issuer = UserSessions.issuer(session, realm);
    var transaction = UUID.randomUUID().toString();
    var toe = Time.currentTimeMillis();
    var first = Instant.now().plus(HEAD_START);
    var outbox = new Outbox(session);
    for (var change : changes) {
      var event = change.event().apply(new Frame(issuer, toe, change.initiator()));
      if (event.isEmpty()) {
        continue;
      }
      var payload = SecurityEventToken.payload(event.get().claims(issuer, transaction));
      for (var receiver : receivers) {
        var pushed = receiver.push().isPresent();
        var message =
            outbox.add(
                realm.getId(),
                receiver.id(),
                event.get().type(),
                payload,
                pushed ? Optional.of(first) : Optional.empty());
        if (pushed) {
          written.add(message);
        }
      }
    }
    changes.clear();
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

  private final class Push extends AbstractKeycloakTransaction {
    @Override
    protected void commitImpl() {
      if (!written.isEmpty()) {
        delivery.push(session.getKeycloakSessionFactory(), realm.getId(), receivers, written);
      }
    }

    /** What was rolled back did not happen. */
    @Override
    protected void rollbackImpl() {}
  }
}
