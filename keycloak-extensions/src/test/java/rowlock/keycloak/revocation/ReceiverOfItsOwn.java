/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import rowlock.keycloak.ExtensionServer;

/** A receiver for each test, which is up for the server when the test begins. */
abstract class ReceiverOfItsOwn {
  static RevocationRealm realm;
  EventReceiver receiver;

  @BeforeAll
  static void startServer() {
    realm = new RevocationRealm(ExtensionServer.shared());
  }

  @BeforeEach
  void startReceiver() {
    receiver = new EventReceiver(realm.server(), RevocationRealm.REALM);
    realm.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
    var person = realm.person();
    realm.logout("app", realm.login("app", person));
    receiver.awaitEvent(one -> one.user().equals(person.id()));
  }

  @AfterEach
  void stopReceiver() {
    receiver.close();
  }
}
