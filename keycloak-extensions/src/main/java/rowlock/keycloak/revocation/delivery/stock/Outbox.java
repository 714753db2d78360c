/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.query.SelectionQuery;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.jpa.entities.OutboxEntryEntity;
import org.keycloak.models.jpa.entities.OutboxEntryStatus;

/**
 * The server's own outbox table, {@code OUTBOX_ENTRY}: messages that are written in the transaction
 * of what they tell of, and sent later. One row is one message to one receiver. All calls work in
 * the transaction of the session.
 */
public final class Outbox {
  /** Ours among the rows; the server's own features use other kinds. */
  static final String KIND = "rowlock-revocation";

  private static final int LONGEST_ERROR = 200;

  private final EntityManager entities;

  /** Opens the database, which enlists a transaction, for the use of an outbox later on. */
  public static void open(KeycloakSession session) {
    session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }

  /** Of one session, for its time only. */
  public Outbox(KeycloakSession session) {
    this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }

  /**
   * A message.
   *
   * @param id of the row
   * @param realmId of the realm it comes from
   * @param receiver internal id of the client that gets it
   * @param messageId the same however often it is sent
   * @param type what it tells
   * @param payload its content
   * @param attempts failed ones so far
   * @param createdAt when it was written
   */
  public record Message(
      String id,
      String realmId,
      String receiver,
      String messageId,
      String type,
      String payload,
      int attempts,
      Instant createdAt) {

    private static Message of(OutboxEntryEntity row) {
      return new Message(
          row.getId(),
          row.getRealmId(),
          row.getOwnerId(),
          row.getCorrelationId(),
          row.getEntryType(),
          row.getPayload(),
          row.getAttempts(),
          row.getCreatedAt());
    }
  }

  /**
   * Writes a message.
   *
   * @param firstAttempt nobody sends it before; empty for one that is fetched and never sent
   */
  public Message add(
      String realmId,
      String receiver,
      String type,
      String payload,
      Optional<Instant> firstAttempt) {
    var now = Instant.now();
    var message =
        new Message(
            UUID.randomUUID().toString(),
            realmId,
            receiver,
            UUID.randomUUID().toString(),
            type,
            payload,
            0,
            now);
    entities
        .createNamedQuery("OutboxEntryEntity.insertIfAbsent")
        .setParameter("id", message.id())
        .setParameter("entryKind", KIND)
        .setParameter("realmId", realmId)
        .setParameter("ownerId", receiver)
        .setParameter("containerId", null)
        .setParameter("correlationId", message.messageId())
        .setParameter("entryType", type)
        .setParameter("payload", payload)
        .setParameter("metadata", null)
        .setParameter(
            "status", firstAttempt.isPresent() ? OutboxEntryStatus.PENDING : OutboxEntryStatus.HELD)
        .setParameter("attempts", 0)
        .setParameter("nextAttemptAt", firstAttempt.orElse(now))
        .setParameter("createdAt", now)
        .executeUpdate();
    return message;
  }

  /**
   * Somebody with messages to be sent now.
   *
   * @param realmId of the realm
   * @param receiver internal id of the client
   */
  public record Due(String realmId, String receiver) {}

  /** The receivers that have messages to be sent now. */
  public List<Due> receiversDue() {
    return entities
        .createQuery(
            """
            select distinct e.realmId, e.ownerId from OutboxEntryEntity e
            where e.entryKind = :kind and e.status = :pending and e.nextAttemptAt <= :now""",
            Object[].class)
        .setParameter("kind", KIND)
        .setParameter("pending", OutboxEntryStatus.PENDING)
        .setParameter("now", Instant.now())
        .getResultList()
        .stream()
        .map(row -> new Due((String) row[0], (String) row[1]))
        .toList();
  }

  /**
   * Takes messages of a receiver to send them: for so long no other node does. Passes over those
   * that another node is taking at this moment.
   *
   * @param newestFirst what was written last, or else what waits for its turn the longest
   */
  public List<Message> take(String receiver, int most, Duration lease, boolean newestFirst) {
    var now = Instant.now();
    var query =
        entities
            .createQuery(
                """
                select e from OutboxEntryEntity e
                where e.entryKind = :kind and e.ownerId = :receiver and e.status = :pending
                  and e.nextAttemptAt <= :now"""
                    + (newestFirst ? " order by e.createdAt desc" : " order by e.nextAttemptAt"),
                OutboxEntryEntity.class)
            .setParameter("kind", KIND)
            .setParameter("receiver", receiver)
            .setParameter("pending", OutboxEntryStatus.PENDING)
            .setParameter("now", now)
            .setMaxResults(most)
            .setLockMode(LockModeType.PESSIMISTIC_WRITE);
    query.unwrap(SelectionQuery.class).setHibernateLockMode(LockMode.UPGRADE_SKIPLOCKED);
    var rows = query.getResultList();
    rows.forEach(row -> row.setNextAttemptAt(now.plus(lease)));
    return rows.stream().map(Message::of).toList();
  }

  /** The receiver has them. */
  public void delivered(Collection<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    entities
        .createQuery(
            """
            update OutboxEntryEntity e
            set e.status = :delivered, e.deliveredAt = :now, e.lastError = null
            where e.id in :ids and e.status <> :delivered""")
        .setParameter("delivered", OutboxEntryStatus.DELIVERED)
        .setParameter("now", Instant.now())
        .setParameter("ids", ids)
        .executeUpdate();
  }

  /** The receiver does not have it. */
  public void failed(String id, Instant next, @Nullable String error) {
    entities
        .createQuery(
            """
            update OutboxEntryEntity e
            set e.attempts = e.attempts + 1, e.nextAttemptAt = :next, e.lastError = :error
            where e.id = :id and e.status = :pending""")
        .setParameter("next", next)
        .setParameter("error", shortened(error))
        .setParameter("id", id)
        .setParameter("pending", OutboxEntryStatus.PENDING)
        .executeUpdate();
  }

  /** It was taken to be sent, and was not. */
  public void putBack(String id, Instant next) {
    entities
        .createQuery(
            """
            update OutboxEntryEntity e set e.nextAttemptAt = :next
            where e.id = :id and e.status = :pending""")
        .setParameter("next", next)
        .setParameter("id", id)
        .setParameter("pending", OutboxEntryStatus.PENDING)
        .executeUpdate();
  }

  /**
   * The messages of a receiver, whatever became of them, in the order they were written.
   *
   * @param from the time from which on
   */
  public List<Message> written(String receiver, Instant from, String afterId, int most) {
    return entities
        .createQuery(
            """
            select e from OutboxEntryEntity e
            where e.entryKind = :kind and e.ownerId = :receiver
              and (e.createdAt > :from or e.createdAt = :from and e.id > :id)
            order by e.createdAt, e.id""",
            OutboxEntryEntity.class)
        .setParameter("kind", KIND)
        .setParameter("receiver", receiver)
        .setParameter("from", from)
        .setParameter("id", afterId)
        .setMaxResults(most)
        .getResultList()
        .stream()
        .map(Message::of)
        .toList();
  }

  private static @Nullable String shortened(@Nullable String error) {
    return error == null || error.length() <= LONGEST_ERROR
        ? error
        : error.substring(0, LONGEST_ERROR);
  }
}
