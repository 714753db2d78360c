/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import rowlock.keycloak.ExtensionServer;

/** The realm of all tests about what is told, and somebody who is told. */
abstract class WatchedRealm {
  static RevocationRealm realm;
  static EventReceiver receiver;

  @BeforeAll
  static void startToWatch() {
    realm = new RevocationRealm(ExtensionServer.shared());
    receiver = new EventReceiver(realm.server(), RevocationRealm.REALM);
    realm.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
  }

  @AfterAll
  static void stopToWatch() {
    receiver.close();
  }

  /** An event that cannot be pushed within the request, on a busy machine, comes a little later. */
  static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
  }
}
