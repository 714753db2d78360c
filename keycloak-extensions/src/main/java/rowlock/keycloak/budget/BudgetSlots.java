/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.nio.ByteBuffer;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.support.RealmMac;

/**
 * Maps a key to one of a fixed number of slots by the realm's secret. The number is fixed, so that
 * addresses cannot fill the database; the mapping is secret, so that an attacker cannot find an
 * address that shares the slot of another. While a thousand keys are in use, one new key in a
 * thousand shares a slot.
 */
final class BudgetSlots {
  private static final int BITS = 20;

  /** Maximum number of rows of one budget in one realm: 1,048,576. */
  static final int COUNT = 1 << BITS;

  private BudgetSlots() {}

  static int slotOf(KeycloakSession session, RealmModel realm, String name, String key) {
    var mac = RealmMac.of(session, realm, "rowlock-budget", name + "\n" + key);
    return ByteBuffer.wrap(mac).getInt() >>> (Integer.SIZE - BITS);
  }
}
