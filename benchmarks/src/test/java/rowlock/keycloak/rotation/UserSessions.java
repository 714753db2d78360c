/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Refreshes the sessions of all users at one client. A queue gives each session its turn, and
 * prevents two concurrent refreshes of one session.
 */
final class UserSessions {
  private final LoadRealm realm;
  private final Rotation client;
  private final ConcurrentLinkedQueue<String> newestTokens;
  private final AtomicLong rotated = new AtomicLong();

  /**
   * @param refreshTokens the newest token of each user
   */
  UserSessions(LoadRealm realm, Rotation client, List<String> refreshTokens) {
    this.realm = realm;
    this.client = client;
    this.newestTokens = new ConcurrentLinkedQueue<>(refreshTokens);
  }

  /** Returns the number of new tokens in all turns. */
  long rotated() {
    return rotated.get();
  }

  /** Refreshes for a while. A session whose refresh is refused is dropped. */
  TurnResult refreshFor(Duration time, int clients) throws InterruptedException {
    var cpuBefore = realm.cpuTime();
    var begun = System.nanoTime();
    var end = begun + time.toNanos();
    List<Future<Worker>> workers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < clients; i++) {
        workers.add(threads.submit(() -> work(end)));
      }
    }
    var wall = Duration.ofNanos(System.nanoTime() - begun);
    var cpu = realm.cpuTime().minus(cpuBefore);
    var answered = LongStream.builder();
    List<String> failures = new ArrayList<>();
    for (var worker : workers) {
      var done = result(worker);
      done.answered.forEach(answered::add);
      failures.addAll(done.failures);
    }
    return new TurnResult(wall, cpu, answered.build().toArray(), failures);
  }

  private record Worker(List<Long> answered, List<String> failures) {}

  private Worker work(long end) {
    var worker = new Worker(new ArrayList<>(), new ArrayList<>());
    while (System.nanoTime() < end) {
      var token = newestTokens.poll();
      if (token == null) {
        break; // all sessions have been dropped
      }
      var asked = System.nanoTime();
      var answer = realm.refresh(client, token);
      var took = System.nanoTime() - asked;
      if (!answer.isGood()) {
        worker.failures.add(answer.problem());
      } else if (answer.refreshToken().equals(token)) {
        worker.failures.add("the refresh token did not rotate");
      } else {
        worker.answered.add(took);
        rotated.incrementAndGet();
        newestTokens.add(answer.refreshToken());
      }
    }
    return worker;
  }

  private static Worker result(Future<Worker> worker) throws InterruptedException {
    try {
      return worker.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
