/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/** Reads a realm that must exist. */
final class ExistingRealm {
  private static final int NOT_FOUND = 404;

  private ExistingRealm() {}

  static ObjectNode of(AdminClient admin) {
    var realm = admin.export();
    if (realm == null) {
      throw new ServerException(
          NOT_FOUND,
          "Realm " + admin.realm() + " does not exist: import the output of render once");
    }
    return realm;
  }
}
