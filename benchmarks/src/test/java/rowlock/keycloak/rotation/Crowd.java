/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * The sessions of all people at one client: in a queue, so that everybody has their turn, and
 * nobody refreshes twice at once.
 */
final class Crowd {

  private final LoadRealm realm;
  private final Rotation client;
  private final ConcurrentLinkedQueue<String> newestTokens;
  private final AtomicLong rotated = new AtomicLong();

  /**
   * @param refreshTokens the newest of each person
   */
  Crowd(LoadRealm realm, Rotation client, List<String> refreshTokens) {
    this.realm = realm;
    this.client = client;
    this.newestTokens = new ConcurrentLinkedQueue<>(refreshTokens);
  }

  /** New tokens that were given in all turns together. */
  long rotated() {
    return rotated.get();
  }

  /** Refreshes for a while; who is refused takes part no more. */
  Turn refreshFor(Duration time, int clients) throws InterruptedException {
    Duration cpuBefore = realm.cpuTime();
    long begun = System.nanoTime();
    long end = begun + time.toNanos();
    List<Future<Worker>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        workers.add(threads.submit(() -> work(end)));
      }
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - begun);
    Duration cpu = realm.cpuTime().minus(cpuBefore);
    LongStream.Builder answered = LongStream.builder();
    List<String> failures = new ArrayList<>();
    for (Future<Worker> worker : workers) {
      Worker done = result(worker);
      done.answered.forEach(answered::add);
      failures.addAll(done.failures);
    }
    return new Turn(wall, cpu, answered.build().toArray(), failures);
  }

  private record Worker(List<Long> answered, List<String> failures) {}

  private Worker work(long end) {
    Worker worker = new Worker(new ArrayList<>(), new ArrayList<>());
    while (System.nanoTime() < end) {
      String token = newestTokens.poll();
      if (token == null) {
        break; // more were refused than are left
      }
      long asked = System.nanoTime();
      LoadRealm.Answer answer = realm.refresh(client, token);
      long took = System.nanoTime() - asked;
      if (!answer.isGood()) {
        worker.failures.add(answer.problem());
      } else if (answer.refreshToken().equals(token)) {
        worker.failures.add("the same refresh token again");
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
