/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenFamilyQueueTest {
  private final AtomicLong now = new AtomicLong(1000);
  private final TokenFamilyQueue queue = new TokenFamilyQueue(Duration.ofSeconds(30), now::get);

  @Test
  void enter_admitsOneRequestAndLeavesNoEntry() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var work = new ArrayList<Callable<Void>>();
    for (var i = 0; i < 500; i++) {
      var family = "family-" + i % 2;
      work.add(
          () -> {
            var turn = Objects.requireNonNull(queue.enter(family));
            if (family.equals("family-0")) {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              Thread.yield();
              inside.decrementAndGet();
            }
            turn.end().run();
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
  void enter_otherFamily_doesNotWait() {
    var first = Objects.requireNonNull(queue.enter("a"));

    assertThat(queue.enter("b")).isNotNull();

    first.end().run();
  }

  @Test
  void enter_timeout_isNullAndLeavesNoEntry() {
    var impatient = new TokenFamilyQueue(Duration.ofMillis(1), now::get);
    var first = Objects.requireNonNull(impatient.enter("a"));

    assertThat(impatient.enter("a")).isNull();

    first.end().run();
    first.end().run();
    assertThat(impatient.size()).isZero();
    assertThat(impatient.enter("a")).isNotNull();
  }

  @Test
  void enter_admitsInOrderOfArrival() {
    var order = new ArrayList<Integer>();
    var first = Objects.requireNonNull(queue.enter("a"));
    try (var threads = Executors.newFixedThreadPool(3)) {
      for (var i = 0; i < 3; i++) {
        var number = i;
        var thread =
            threads.submit(
                () -> {
                  var turn = Objects.requireNonNull(queue.enter("a"));
                  order.add(number);
                  turn.end().run();
                });
        assertThat(thread.isDone()).isFalse();
        await().until(() -> queue.waiting("a") == number + 1);
      }
      first.end().run();
    }

    assertThat(order).isEqualTo(List.of(0, 1, 2));
  }

  @Test
  void busySince_isArrivalOfFirstUntilQueueIsEmpty() throws Exception {
    var first = Objects.requireNonNull(queue.enter("a"));
    now.set(5000);
    try (var thread = Executors.newSingleThreadExecutor()) {
      var second = thread.submit(() -> Objects.requireNonNull(queue.enter("a")));
      await().until(() -> queue.waiting("a") == 1);
      first.end().run();

      assertThat(second.get().busySince()).isEqualTo(1000);
      second.get().end().run();
    }

    assertThat(Objects.requireNonNull(queue.enter("a")).busySince()).isEqualTo(5000);
  }
}
