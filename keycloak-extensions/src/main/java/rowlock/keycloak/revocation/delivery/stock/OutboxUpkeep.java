/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.jpa.entities.OutboxEntryEntity;
import org.keycloak.models.jpa.entities.OutboxEntryStatus;

/**
 * What an operator is told of the {@link Outbox}, and what is given up, taken up again or removed.
 * All calls work in the transaction of the session.
 */
public final class OutboxUpkeep {
  private static final String KIND = Outbox.KIND;

  private static final List<OutboxEntryStatus> WAITING =
      List.of(OutboxEntryStatus.PENDING, OutboxEntryStatus.DEAD_LETTER);

  /** Says of a message that it was given up before. */
  private static final String GIVEN_UP = "{\"givenUp\":true}";

  private final EntityManager entities;

  /** Of one session, for its time only. */
  public OutboxUpkeep(KeycloakSession session) {
    this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }

  /**
   * What waits for a receiver.
   *
   * @param realmId of the realm
   * @param receiver internal id of the client
   * @param count of messages
   * @param old how many of them were written before the time that was asked for
   * @param oldest when the oldest was written
   */
  public record Waiting(String realmId, String receiver, long count, long old, Instant oldest) {}

  /** What is not delivered, whether it was given up or not. */
  public List<Waiting> waiting(Instant oldBefore) {
    return entities
        .createQuery(
            """
            select e.realmId, e.ownerId, count(e),
              sum(case when e.createdAt < :before then 1L else 0L end), min(e.createdAt)
            from OutboxEntryEntity e
            where e.entryKind = :kind and e.status in :statuses
            group by e.realmId, e.ownerId""",
            Object[].class)
        .setParameter("before", oldBefore)
        .setParameter("kind", KIND)
        .setParameter("statuses", WAITING)
        .getResultList()
        .stream()
        .map(
            row ->
                new Waiting(
                    (String) row[0],
                    (String) row[1],
                    (Long) row[2],
                    (Long) row[3],
                    (Instant) row[4]))
        .toList();
  }

  /**
   * Gives up, for the time being, what was written before a time and was tried at least once.
   *
   * @return how many of them for the first time
   */
  public int giveUp(String receiver, Instant writtenBefore) {
    giveUp(receiver, writtenBefore, "e.metadata is not null");
    return giveUp(receiver, writtenBefore, "e.metadata is null");
  }

  private int giveUp(String receiver, Instant writtenBefore, String which) {
    return entities
        .createQuery(
            """
            update OutboxEntryEntity e set e.status = :dead, e.metadata = :given
            where e.entryKind = :kind and e.ownerId = :receiver and e.status = :pending
              and e.createdAt < :before and e.attempts > 0"""
                + " and "
                + which)
        .setParameter("dead", OutboxEntryStatus.DEAD_LETTER)
        .setParameter("given", GIVEN_UP)
        .setParameter("kind", KIND)
        .setParameter("receiver", receiver)
        .setParameter("pending", OutboxEntryStatus.PENDING)
        .setParameter("before", writtenBefore)
        .executeUpdate();
  }

  /**
   * Takes up again what was given up, those first that were tried the longest time ago.
   *
   * @param dueBefore only what was to be tried again before this; what is given up right after it
   *     failed still has its next attempt before it
   * @return how many
   */
  public int revive(String receiver, int most, Instant dueBefore) {
    var rows =
        entities
            .createQuery(
                """
                select e from OutboxEntryEntity e
                where e.entryKind = :kind and e.ownerId = :receiver and e.status = :dead
                  and e.nextAttemptAt < :before
                order by e.nextAttemptAt""",
                OutboxEntryEntity.class)
            .setParameter("kind", KIND)
            .setParameter("receiver", receiver)
            .setParameter("dead", OutboxEntryStatus.DEAD_LETTER)
            .setParameter("before", dueBefore)
            .setMaxResults(most)
            .getResultList();
    for (var row : rows) {
      row.setStatus(OutboxEntryStatus.PENDING);
      row.setAttempts(0);
      row.setNextAttemptAt(Instant.now());
    }
    return rows.size();
  }

  /** Makes everything that waits for a receiver due. */
  public void hurry(String receiver) {
    entities
        .createQuery(
            """
            update OutboxEntryEntity e set e.nextAttemptAt = :now
            where e.entryKind = :kind and e.ownerId = :receiver and e.status = :pending""")
        .setParameter("now", Instant.now())
        .setParameter("kind", KIND)
        .setParameter("receiver", receiver)
        .setParameter("pending", OutboxEntryStatus.PENDING)
        .executeUpdate();
  }

  /**
   * Makes everything due that was tried and waits for no longer than this.
   *
   * @param pause shorter than a node has messages that it is sending
   */
  public void hurryTried(String receiver, Duration pause) {
    var now = Instant.now();
    entities
        .createQuery(
            """
            update OutboxEntryEntity e set e.nextAttemptAt = :now
            where e.entryKind = :kind and e.ownerId = :receiver and e.status = :pending
              and e.attempts > 0 and e.nextAttemptAt > :now and e.nextAttemptAt <= :limit""")
        .setParameter("now", now)
        .setParameter("limit", now.plus(pause))
        .setParameter("kind", KIND)
        .setParameter("receiver", receiver)
        .setParameter("pending", OutboxEntryStatus.PENDING)
        .executeUpdate();
  }

  /** Removes what needs no sending and was written before a time, except some types. */
  public void forget(String realmId, Instant writtenBefore, Collection<String> exceptTypes) {
    entities
        .createQuery(
            """
            delete from OutboxEntryEntity e
            where e.entryKind = :kind and e.realmId = :realm and e.status in :done
              and e.createdAt < :before and e.entryType not in :types""")
        .setParameter("kind", KIND)
        .setParameter("realm", realmId)
        .setParameter("done", List.of(OutboxEntryStatus.DELIVERED, OutboxEntryStatus.HELD))
        .setParameter("before", writtenBefore)
        .setParameter("types", exceptTypes)
        .executeUpdate();
  }

  /** Removes what nobody needs any more though it was never taken: of these types, and so old. */
  public void forgetWaiting(String realmId, Instant writtenBefore, Collection<String> types) {
    entities
        .createQuery(
            """
            delete from OutboxEntryEntity e
            where e.entryKind = :kind and e.realmId = :realm and e.status in :waiting
              and e.createdAt < :before and e.entryType in :types""")
        .setParameter("kind", KIND)
        .setParameter("realm", realmId)
        .setParameter("waiting", WAITING)
        .setParameter("before", writtenBefore)
        .setParameter("types", types)
        .executeUpdate();
  }

  /** Removes all of a receiver that is no more. */
  public void forgetReceiver(String receiver) {
    entities
        .createQuery(
            "delete from OutboxEntryEntity e where e.entryKind = :kind and e.ownerId = :receiver")
        .setParameter("kind", KIND)
        .setParameter("receiver", receiver)
        .executeUpdate();
  }

  /** Removes all of a realm that is no more. */
  public void forgetRealm(String realmId) {
    entities
        .createQuery(
            "delete from OutboxEntryEntity e where e.entryKind = :kind and e.realmId = :realm")
        .setParameter("kind", KIND)
        .setParameter("realm", realmId)
        .executeUpdate();
  }
}
