/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/**
 * Ensures that one run at a time changes a realm, whatever machines they are on. The lock is a role
 * of the realm that no account has: the database accepts its name only once. While a run lasts, it
 * changes an attribute of the role every two seconds. A lock that does not change for ten seconds
 * belongs to a killed run, and the next run removes it. Clocks of machines are not compared.
 */
final class ApplyLock implements AutoCloseable {
  /** Name of the role. */
  static final String ROLE = "rowlock.realm-config.lock";

  private static final Duration RENEWAL = Duration.ofSeconds(2);
  private static final Duration STALE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final String RENEWED = "renewed";

  private final AdminClient admin;
  private final String id;
  private final ScheduledExecutorService renewals;
  private volatile boolean lost;
  private long number;

  private ApplyLock(AdminClient admin, String id) {
    this.admin = admin;
    this.id = id;
    this.renewals =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("apply-lock").factory());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // close() ends it
  private void startRenewals() {
    renewals.scheduleAtFixedRate(
        this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Waits until no other run changes the realm.
   *
   * @param limit of the wait for a run that is alive
   * @param waiting is called once if there is another run
   * @throws ServerException if the other run lasts longer
   */
  static ApplyLock acquire(AdminClient admin, Duration limit, Runnable waiting) {
    var end = System.nanoTime() + limit.toNanos();
    var seen = "";
    var seenSince = System.nanoTime();
    var reported = false;
    var alive = false;
    while (true) {
      if (create(admin)) {
        var lock = new ApplyLock(admin, admin.get("roles", ROLE).path("id").asText());
        lock.startRenewals();
        return lock;
      }
      var present = admin.getIfPresent("roles", ROLE);
      var state = present.path("id").asText() + present.path("attributes");
      if (!state.equals(seen)) {
        alive = reported;
        seen = state;
        seenSince = System.nanoTime();
      } else if (System.nanoTime() - seenSince > STALE.toNanos()) {
        remove(admin, present.path("id").asText());
        continue;
      }
      if (!reported) {
        waiting.run();
        reported = true;
      }
      if (alive && System.nanoTime() > end) {
        throw new ServerException(CONFLICT, "Another apply changes this realm: run it again later");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static boolean create(AdminClient admin) {
    try {
      admin.create(content(0), "roles");
      return true;
    } catch (ServerException e) {
      if (e.status() == CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private static ObjectNode content(long number) {
    var role = JsonNodeFactory.instance.objectNode();
    role.put("name", ROLE);
    role.put("description", "An apply of realm-config is running");
    JsonNode renewed = JsonNodeFactory.instance.arrayNode().add(Long.toString(number));
    role.putObject("attributes").set(RENEWED, renewed);
    return role;
  }

  private static void remove(AdminClient admin, String id) {
    try {
      admin.delete("roles-by-id", id);
    } catch (ServerException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    }
  }

  private void renew() {
    try {
      number++;
      admin.put(content(number), "roles-by-id", id);
    } catch (ServerException e) {
      // an unreachable server makes the run itself fail; a missing role belongs to another run now
      lost |= e.status() == NOT_FOUND;
    }
  }

  /** Stops a run that was paused for so long that another one has taken the lock. */
  void requireHeld() {
    if (lost) {
      throw new ServerException(CONFLICT, "Another apply took over: this one was paused too long");
    }
  }

  @Override
  public void close() {
    renewals.shutdownNow();
    try {
      if (!lost) {
        remove(admin, id);
      }
    } catch (ServerException e) {
      // the result of the run counts; the next run removes the lock, because nothing renews it
      lost = true;
    }
  }
}
