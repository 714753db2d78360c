/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.nio.ByteBuffer;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.support.RealmMac;

/**
 * Where a key's count is kept: one of a fixed number of slots, chosen by the realm's own secret.
 * Fixed, so that nobody fills the database with addresses; secret, so that nobody looks for an
 * address that shares the slot of another. While a thousand keys are in use, one newcomer in a
 * thousand shares a budget.
 */
final class Slots {
  private static final int BITS = 20;

  /** The most rows of one budget in one realm: 1,048,576. */
  static final int COUNT = 1 << BITS;

  private Slots() {}

  static int slotOf(KeycloakSession session, RealmModel realm, String name, String key) {
    var mac = RealmMac.of(session, realm, "rowlock-budget", name + "\n" + key);
    return ByteBuffer.wrap(mac).getInt() >>> (Integer.SIZE - BITS);
  }
}
