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
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.Tokens;
import rowlock.product.TestProduct;
import tools.jackson.databind.json.JsonMapper;

/**
 * People who are always at it: each calls the API without a pause, refreshes the tokens at every
 * fifth call and signs in anew at every fortieth.
 */
final class Crowd implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final Rowlock rowlock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> people = new ArrayList<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean goingHome;

  private Crowd(Rowlock rowlock) {
    this.rowlock = rowlock;
  }

  static Crowd of(Rowlock rowlock, int size) {
    Crowd crowd = new Crowd(rowlock);
    for (int i = 0; i < size; i++) {
      Person person = rowlock.newPerson();
      crowd.people.add(crowd.threads.submit(() -> crowd.live(person)));
    }
    return crowd;
  }

  private void live(Person person) {
    AuthorizationCodeFlow flow = rowlock.signIn();
    Tokens tokens = person.tokens();
    for (int call = 1; !goingHome; call++) {
      int status = new Person(rowlock, person.email(), tokens).get("/api/me/tasks").status();
      requests.incrementAndGet();
      if (status != 200) {
        failures.add("Call " + call + " with " + keyOf(tokens) + " was answered " + status);
      }
      if (call % 40 == 0) {
        tokens = flow.login(person.email(), TestProduct.PASSWORD);
      } else if (call % 5 == 0) {
        tokens = flow.refresh(tokens.requireRefreshToken());
      }
      keys.put(person.email(), keyOf(tokens));
    }
  }

  /** The {@code kid} of an access token. */
  static String keyOf(Tokens tokens) {
    byte[] header = Base64.getUrlDecoder().decode(tokens.accessToken().split("\\.")[0]);
    return JSON.readTree(header).path("kid").asString();
  }

  /** Whether everybody's token is signed with this key. */
  boolean allHold(String kid) {
    return keys.size() == people.size() && keys.values().stream().allMatch(kid::equals);
  }

  /** Calls of the API so far. */
  int requests() {
    return requests.get();
  }

  /** Sends all home and says what failed; whoever could not refresh or sign in fails here. */
  List<String> failures() throws ExecutionException, InterruptedException {
    goingHome = true;
    for (Future<?> person : people) {
      person.get();
    }
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    goingHome = true;
    threads.close();
  }
}
