/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.Page;

/**
 * Starts ten logins per second while an apply replaces every flow. No login may fail. A user whose
 * login page is older than the new flow may see it again, once for each apply.
 */
@Tag("thorough")
class LoginsDuringApplyIT {
  private static final int PER_SECOND = 10;
  private static final int USERS = 200;
  private static final int MIN_LOGINS = 40;

  @TempDir private static Path folder;

  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void logins_whileEveryFlowIsReplaced_allSucceed() {
    var realm = TestRealm.create("flows-it", folder);
    for (var number = 0; number < USERS; number++) {
      realm.post("/users", ApplyIT.user(name(number)));
    }
    var schedule = Executors.newSingleThreadScheduledExecutor();
    try (var logins = Executors.newVirtualThreadPerTaskExecutor()) {
      schedule.scheduleAtFixedRate(
          () -> logins.execute(() -> login(realm, started.getAndIncrement())),
          0,
          1000 / PER_SECOND,
          TimeUnit.MILLISECONDS);
      await().until(() -> completed.get() >= PER_SECOND);

      FlowChanges.changeAll(realm);
      var changed = realm.run("apply", "--yes");
      FlowChanges.revertAll(realm);
      var reverted = realm.run("apply", "--yes");

      assertThat(changed.code()).as(changed.all()).isZero();
      assertThat(reverted.code()).as(reverted.all()).isZero();
      assertThat(changed.out()).contains("rowlock-browser", "rowlock-clients", "rowlock-reset");
      await().atMost(Duration.ofMinutes(1)).until(() -> completed.get() >= MIN_LOGINS);
    } finally {
      schedule.shutdownNow();
    }

    assertThat(failures).isEmpty();
    assertThat(completed.get()).isEqualTo(started.get());
    assertThat(repeated.get()).isLessThan(started.get() / 2);
    assertThat(realm.run("plan").code()).isZero();
  }

  private static String name(int number) {
    return "login-" + number + "@example.org";
  }

  /** Accounts are used in turn, because concurrent logins of one account may be refused. */
  private void login(TestRealm realm, int number) {
    try {
      var attempt = new AuthorizationCodeFlow(realm.issuer(), "task-cli").begin();
      var page = submit(attempt.loginPage(), number);
      for (var tries = 0; page.callback() == null && tries < 2; tries++) {
        repeated.incrementAndGet();
        page = submit(page, number);
      }
      assertThat(attempt.finish(page).accessToken()).isNotEmpty();
      completed.incrementAndGet();
    } catch (RuntimeException | AssertionError e) {
      failures.add(number + ": " + e);
    }
  }

  /** A page that is shown again can know the user already. */
  private static Page submit(Page page, int number) {
    var fields = new HashMap<>(Map.of("password", RealmServer.PASSWORD));
    if (!page.document()
        .select("#kc-form-login input[name=username]:not([type=hidden])")
        .isEmpty()) {
      fields.put("username", name(number % USERS));
    }
    return page.submit("kc-form-login", fields);
  }
}
