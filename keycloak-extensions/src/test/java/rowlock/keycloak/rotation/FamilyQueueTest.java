/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FamilyQueueTest {
  private final FamilyQueue queue = new FamilyQueue(Duration.ofSeconds(30));

  @Test
  void oneOfAFamilyIsInAtATimeAndNothingIsLeftAfterwards() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var work = new ArrayList<Callable<Void>>();
    for (var i = 0; i < 500; i++) {
      var family = "family-" + i % 2;
      work.add(
          () -> {
            var end = queue.enter(family).orElseThrow();
            if (family.equals("family-0")) {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              Thread.yield();
              inside.decrementAndGet();
            }
            end.run();
            return null;
          });
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var done : threads.invokeAll(work)) {
        done.get();
      }
    }

    assertThat(most).hasValue(1);
    assertThat(queue.size()).isZero();
  }

  @Test
  void anotherFamilyDoesNotWait() {
    var first = queue.enter("a").orElseThrow();

    assertThat(queue.enter("b")).isPresent();

    first.run();
  }

  @Test
  void whoDoesNotGetInInTimeIsTurnedAwayAndLeavesNothingBehind() {
    var impatient = new FamilyQueue(Duration.ofMillis(1));
    var first = impatient.enter("a").orElseThrow();

    assertThat(impatient.enter("a")).isEmpty();

    first.run();
    first.run();
    assertThat(impatient.size()).isZero();
    assertThat(impatient.enter("a")).isPresent();
  }

  @Test
  void peopleGetInInTheOrderTheyCame() {
    var order = new ArrayList<Integer>();
    var first = queue.enter("a").orElseThrow();
    try (var threads = Executors.newFixedThreadPool(3)) {
      for (var i = 0; i < 3; i++) {
        var number = i;
        var thread =
            threads.submit(
                () -> {
                  var end = queue.enter("a").orElseThrow();
                  order.add(number);
                  end.run();
                });
        assertThat(thread.isDone()).isFalse();
        await().until(() -> queue.waiting("a") == number + 1);
      }
      first.run();
    }

    assertThat(order).isEqualTo(List.of(0, 1, 2));
  }
}
