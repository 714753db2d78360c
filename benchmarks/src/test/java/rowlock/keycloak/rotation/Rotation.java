/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.util.Locale;

/** Who rotates the tokens of a client. */
enum Rotation {
  /** The server by itself. */
  STOCK,
  /** Our jar, by a policy with all its defaults. */
  OURS;

  String clientId() {
    return name().toLowerCase(Locale.ROOT);
  }
}
