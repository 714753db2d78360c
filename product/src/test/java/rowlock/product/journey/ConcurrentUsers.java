/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import rowlock.local.login.Tokens;
import rowlock.product.TestProduct;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs users that call the API without a pause. Each refreshes its tokens at every fifth call and
 * signs in again at every fortieth.
 */
final class ConcurrentUsers implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Rowlock rowlock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> people = new ArrayList<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean stopped;

  private ConcurrentUsers(Rowlock rowlock) {
    this.rowlock = rowlock;
  }

  static ConcurrentUsers of(Rowlock rowlock, int size) {
    var users = new ConcurrentUsers(rowlock);
    for (var i = 0; i < size; i++) {
      var person = rowlock.newPerson();
      users.people.add(users.threads.submit(() -> users.run(person)));
    }
    return users;
  }

  private void run(Person person) {
    var flow = rowlock.signIn();
    var tokens = person.tokens();
    for (var call = 1; !stopped; call++) {
      var status = new Person(rowlock, person.email(), tokens).get("/api/me/tasks").status();
      requests.incrementAndGet();
      if (status != 200) {
        failures.add("Call " + call + " with " + keyOf(tokens) + ": status " + status);
      }
      if (call % 40 == 0) {
        tokens = flow.login(person.email(), TestProduct.PASSWORD);
      } else if (call % 5 == 0) {
        tokens = flow.refresh(tokens.requireRefreshToken());
      }
      keys.put(person.email(), keyOf(tokens));
    }
  }

  /** Returns the {@code kid} of an access token. */
  static String keyOf(Tokens tokens) {
    var header = Base64.getUrlDecoder().decode(tokens.accessToken().split("\\.")[0]);
    return JSON.readTree(header).path("kid").asString();
  }

  /** Returns whether the token of each user is signed with this key. */
  boolean allTokensSignedWith(String kid) {
    return keys.size() == people.size() && keys.values().stream().allMatch(kid::equals);
  }

  /** Returns the number of API calls so far. */
  int requests() {
    return requests.get();
  }

  /** Stops all users and returns the failed calls. A failed refresh or login fails this method. */
  List<String> failures() throws ExecutionException, InterruptedException {
    stopped = true;
    for (var person : people) {
      person.get();
    }
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stopped = true;
    threads.close();
  }
}
