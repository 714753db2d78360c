/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.jpa.entities.OutboxEntryEntity;
import org.keycloak.models.jpa.entities.OutboxEntryStatus;

/**
 * Keycloak's outbox table, {@code OUTBOX_ENTRY}. One row is one message to one receiver. A row
 * waits as {@code PENDING}, or as {@code DEAD_LETTER} once it was reported as overdue; both are
 * retried. All methods work in the transaction of the session.
 */
public final class Outbox {
  /**
   * From this number of attempts on, a message is poison: its receiver does not take it although it
   * takes others.
   */
  public static final int POISON = 2;

  /** Marks these rows; Keycloak's own features use other kinds. */
  private static final String KIND = "rowlock-revocation";

  private static final String WHERE = " where e.entryKind = '" + KIND + "'";
  private static final String ROWS = " from OutboxEntryEntity e" + WHERE;
  private static final String WAITING = " and e.status in (PENDING, DEAD_LETTER)";
  private static final String DUE = WAITING + " and e.nextAttemptAt <= :now";
  private static final String OF_RECEIVER = " and e.ownerId = :receiver";

  private final EntityManager entities;

  /** Enlists the database transaction, which fails once the commit of the session has begun. */
  public Outbox(KeycloakSession session) {
    this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }

  /**
   * A row.
   *
   * @param receiver internal id of the client
   * @param messageId the {@code jti}, the same in every attempt
   * @param attempts 0 before the first failure
   */
  public record Message(
      String id,
      String receiver,
      String messageId,
      String payload,
      int attempts,
      Instant createdAt) {}

  /** A receiver with messages to send now, by internal ids. */
  public record Due(String realmId, String receiver) {}

  /** The undelivered messages of a receiver: dead letters, others, and the time of the oldest. */
  public record Backlog(String realmId, String receiver, long dead, long pending, Instant oldest) {}

  /**
   * Adds a message.
   *
   * @param notBefore no retry sends it earlier; null for a message that is polled, never sent
   */
  public Message add(
      String realmId, String receiver, String type, String payload, @Nullable Instant notBefore) {
    var now = Instant.now();
    var id = UUID.randomUUID().toString();
    var message = new Message(id, receiver, UUID.randomUUID().toString(), payload, 0, now);
    entities
        .createNamedQuery("OutboxEntryEntity.insertIfAbsent")
        .setParameter("id", id)
        .setParameter("entryKind", KIND)
        .setParameter("realmId", realmId)
        .setParameter("ownerId", receiver)
        .setParameter("containerId", null)
        .setParameter("correlationId", message.messageId())
        .setParameter("entryType", type)
        .setParameter("payload", payload)
        .setParameter("metadata", null)
        .setParameter(
            "status", notBefore == null ? OutboxEntryStatus.HELD : OutboxEntryStatus.PENDING)
        .setParameter("attempts", 0)
        .setParameter("nextAttemptAt", notBefore == null ? now : notBefore)
        .setParameter("createdAt", now)
        .executeUpdate();
    return message;
  }

  /** Returns the receivers that have messages to send now. */
  public List<Due> due() {
    return entities
        .createQuery("select distinct e.realmId, e.ownerId" + ROWS + DUE, Due.class)
        .setParameter("now", Instant.now())
        .getResultList();
  }

  /**
   * Takes due messages, the oldest first, poison messages last. Skips rows that another node is
   * taking.
   *
   * @param lease time in which no other node takes them
   * @param rotate take the message with the fewest attempts first, the latest attempted last
   */
  public List<Message> take(String receiver, int max, Duration lease, boolean rotate) {
    var now = Instant.now();
    var order =
        rotate
            ? " order by e.attempts, e.nextAttemptAt"
            : " order by case when e.attempts < " + POISON + " then 0 else 1 end, e.createdAt";
    var rows =
        entities
            .unwrap(Session.class)
            .createSelectionQuery(
                "select e" + ROWS + OF_RECEIVER + DUE + order, OutboxEntryEntity.class)
            .setParameter("receiver", receiver)
            .setParameter("now", now)
            .setMaxResults(max)
            .setHibernateLockMode(LockMode.UPGRADE_SKIPLOCKED)
            .getResultList();
    rows.forEach(row -> row.setNextAttemptAt(now.plus(lease)));
    return rows.stream().map(Outbox::message).toList();
  }

  /** Marks messages as delivered. */
  public void delivered(Collection<String> ids) {
    update("e.status = DELIVERED, e.deliveredAt = :now, e.lastError = null", ids);
  }

  /** Ends the lease of messages that were not sent. */
  public void release(Collection<String> ids) {
    update("e.nextAttemptAt = :now", ids);
  }

  /** Schedules the next attempt of a message that was not delivered. */
  public void retry(String id, int attempts, Instant next, String error) {
    update(
        "e.attempts = :attempts, e.nextAttemptAt = :next, e.lastError = :error",
        " and e.id = :id" + WAITING,
        Map.of("id", id, "attempts", attempts, "next", next, "error", error));
  }

  /** Makes all waiting messages of a receiver due. */
  public void makeDue(String receiver) {
    update(
        "e.nextAttemptAt = :now",
        OF_RECEIVER + WAITING,
        Map.of("receiver", receiver, "now", Instant.now()));
  }

  /**
   * Marks messages as dead letters that were created before a time and failed at least once.
   *
   * @return the number of new dead letters
   */
  public int markDeadLetters(String receiver, Instant before) {
    return update(
        "e.status = DEAD_LETTER",
        OF_RECEIVER + " and e.status = PENDING and e.createdAt < :before and e.attempts > 0",
        Map.of("receiver", receiver, "before", before));
  }

  /** Returns what waits for each receiver; messages from before a time count as dead letters. */
  public List<Backlog> backlogs(Instant before) {
    return entities
        .createQuery(
            "select e.realmId, e.ownerId, sum(case when e.createdAt < :before then 1L else 0L end),"
                + " sum(case when e.createdAt < :before then 0L else 1L end), min(e.createdAt)"
                + (ROWS + WAITING + " group by e.realmId, e.ownerId"),
            Backlog.class)
        .setParameter("before", before)
        .getResultList();
  }

  /** Returns the messages of a receiver after a position, delivered or not, in their order. */
  public List<Message> after(String receiver, Instant createdAt, String id, int max) {
    return entities
        .createQuery(
            ("select e" + ROWS + OF_RECEIVER)
                + " and (e.createdAt > :createdAt or e.createdAt = :createdAt and e.id > :id)"
                + " order by e.createdAt, e.id",
            OutboxEntryEntity.class)
        .setParameter("receiver", receiver)
        .setParameter("createdAt", createdAt)
        .setParameter("id", id)
        .setMaxResults(max)
        .getResultList()
        .stream()
        .map(Outbox::message)
        .toList();
  }

  /** Deletes messages of these types that were created before a time. */
  public void delete(String realmId, boolean waiting, Instant before, Collection<String> types) {
    var status = waiting ? WAITING : " and e.status in (DELIVERED, HELD)";
    execute(
        ("delete" + ROWS + status)
            + " and e.realmId = :realm and e.createdAt < :before and e.entryType in :types",
        Map.of("realm", realmId, "before", before, "types", types));
  }

  /** Deletes all messages of a receiver. */
  public void deleteReceiver(String receiver) {
    execute("delete" + ROWS + OF_RECEIVER, Map.of("receiver", receiver));
  }

  private void update(String assignments, Collection<String> ids) {
    if (!ids.isEmpty()) {
      update(assignments, " and e.id in :ids" + WAITING, Map.of("ids", ids, "now", Instant.now()));
    }
  }

  private int update(String assignments, String condition, Map<String, Object> parameters) {
    return execute("update OutboxEntryEntity e set " + assignments + WHERE + condition, parameters);
  }

  private int execute(String hql, Map<String, Object> parameters) {
    var query = entities.createQuery(hql);
    parameters.forEach(query::setParameter);
    return query.executeUpdate();
  }

  private static Message message(OutboxEntryEntity row) {
    return new Message(
        row.getId(),
        row.getOwnerId(),
        row.getCorrelationId(),
        row.getPayload(),
        row.getAttempts(),
        row.getCreatedAt());
  }
}
