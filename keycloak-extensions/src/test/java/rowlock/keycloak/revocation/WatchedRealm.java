/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import rowlock.keycloak.ExtensionServer;

/** The shared realm of tests on events, and one receiver for all tests of a class. */
abstract class WatchedRealm {
  static RevocationRealm realm;
  static EventReceiver receiver;

  @BeforeAll
  static void startReceiver() {
    realm = new RevocationRealm(ExtensionServer.shared());
    receiver = new EventReceiver(realm.server(), RevocationRealm.REALM);
    realm.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
  }

  @AfterAll
  static void stopReceiver() {
    receiver.close();
  }

  /** Waits: on a busy machine an event may be delivered after the request that caused it. */
  static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
  }
}
