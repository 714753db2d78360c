/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.util.Locale;

/** The rotation of a client's tokens. */
enum Rotation {
  /** Keycloak's own rotation. */
  STOCK,
  /** Our jar, by a policy with its default values. */
  OURS;

  String clientId() {
    return name().toLowerCase(Locale.ROOT);
  }
}
