/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;

/** Values that the guard passes to the page of the same request. */
final class GuardFields {
  private static final String ATTRIBUTE = GuardFields.class.getName();

  private @Nullable String stamp;
  private @Nullable Long since;
  private long retryAfterSeconds;

  private GuardFields() {}

  static GuardFields of(KeycloakSession session) {
    var found = session.getAttribute(ATTRIBUTE, GuardFields.class);
    if (found != null) {
      return found;
    }
    var fields = new GuardFields();
    session.setAttribute(ATTRIBUTE, fields);
    return fields;
  }

  /** Records when the submitted page was created. */
  void setCreatedAt(long millis) {
    since = millis;
  }

  /**
   * Returns when the submitted page was created; null if there is none, or its stamp is invalid.
   */
  @Nullable Long since() {
    return since;
  }

  void put(String newStamp) {
    stamp = newStamp;
  }

  void refuse(long seconds) {
    retryAfterSeconds = seconds;
  }

  /** Returns the value of the hidden field; null if the flow has no guard. */
  @Nullable String stamp() {
    return stamp;
  }

  /** Returns the seconds for {@code Retry-After}; zero if the request was not refused. */
  long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
