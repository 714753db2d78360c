/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Test code that waits for the request that runs it. Thread-safe. */
final class RequestCalls {
  private final ConcurrentMap<UUID, Call<?, ?>> waiting = new ConcurrentHashMap<>();

  /** Code and its outcome, which is set after the request has run it. */
  record Call<T extends @Nullable Object, X extends Exception>(
      ThrowingCall<? extends T, X> code, CompletableFuture<T> outcome) {

    private void run() {
      try {
        outcome.complete(code.call());
      } catch (Throwable e) { // an assertion's error too
        outcome.completeExceptionally(e);
      }
    }
  }

  <T extends @Nullable Object, X extends Exception> Call<T, X> add(
      UUID id, ThrowingCall<? extends T, X> code) {
    Call<T, X> call = new Call<>(code, new CompletableFuture<>());
    waiting.put(id, call);
    return call;
  }

  void remove(UUID id) {
    waiting.remove(id);
  }

  /**
   * Runs the code on this thread.
   *
   * @return false if no code waits under this id
   */
  boolean run(UUID id) {
    Call<?, ?> call = waiting.remove(id);
    if (call != null) {
      call.run();
    }
    return call != null;
  }
}
