/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.verify;

import java.time.Instant;

/**
 * Describes the last stored admin event about an object.
 *
 * @param time of the event
 * @param operation that Keycloak names: CREATE, UPDATE, DELETE or ACTION
 * @param resource path within the realm; empty for the realm itself
 * @param who the user name or id, the client and the address
 */
public record AdminChange(Instant time, String operation, String resource, String who) {
  /** Returns one sentence for people. */
  public String text() {
    return "last change "
        + time
        + " by "
        + who
        + ": "
        + operation
        + (resource.isEmpty() ? "" : " " + resource);
  }
}
