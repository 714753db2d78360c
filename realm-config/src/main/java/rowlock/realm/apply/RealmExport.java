/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/** Reads the realm during a run. */
final class RealmExport {
  private static final int NOT_FOUND = 404;

  private RealmExport() {}

  static ObjectNode of(AdminClient admin) {
    var realm = admin.export();
    if (realm == null) {
      throw new ServerException(NOT_FOUND, "Realm " + admin.realm() + " does not exist");
    }
    return realm;
  }
}
