/* SPDX-License-Identifier: Apache-2.0 */
package com.example.mistakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.minimal.MinimalApplication;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.owner.Owner;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;

/** Work of a request that another thread does. */
@RowlockTest(
    classes = {MinimalApplication.class, BackgroundWork.class},
    properties = {
      "spring.flyway.locations=classpath:com/example/minimal",
      "rowlock.db.schema=public",
      "management.server.port=0"
    })
class BackgroundWorkIT {
  private static final String REFUSED =
      "No owner is bound: rows are out of reach outside a request";

  private @Autowired RowlockClient client;
  private @Autowired BackgroundWork.Counter counter;

  private OwnerClient ownerOfAMemo() {
    var owner = client.as(UUID.randomUUID());
    assertThat(owner.post("/api/me/memos", "{\"text\": \"a text\"}").statusCode()).isEqualTo(201);
    return owner;
  }

  @Test
  void asyncMethod_withoutAnOwner_isRefused() {
    var ann = ownerOfAMemo();
    assertThatThrownBy(() -> ann.run(() -> counter.countLater().join()))
        .hasStackTraceContaining(DocumentedMessages.documented(REFUSED));
  }

  @Test
  void completableFuture_withoutAnOwner_isRefused() {
    var ann = ownerOfAMemo();
    assertThatThrownBy(() -> ann.run(() -> CompletableFuture.supplyAsync(counter::count).join()))
        .hasStackTraceContaining(REFUSED);
  }

  @Test
  void parallelStream_withoutAnOwner_isRefused() {
    var ann = ownerOfAMemo();
    var bothRun = new CountDownLatch(2);
    assertThatThrownBy(
            () ->
                ann.run(
                    () ->
                        List.of(1, 2).parallelStream()
                            .map(
                                number -> {
                                  await(bothRun);
                                  return counter.count();
                                })
                            .toList()))
        .hasStackTraceContaining(REFUSED);
  }

  /** Two elements at once need two threads, of which one is not that of the request. */
  private static void await(CountDownLatch bothRun) {
    bothRun.countDown();
    try {
      assertThat(bothRun.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ownerOfTheRequest_canBeHandedToAnotherThread() {
    var ann = ownerOfAMemo();
    int count =
        ann.run(
            () -> {
              var owner = Owner.current();
              return CompletableFuture.supplyAsync(() -> owner.call(counter::count)).join();
            });
    assertThat(count).isEqualTo(1);
  }
}
