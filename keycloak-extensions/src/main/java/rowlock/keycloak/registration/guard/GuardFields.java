/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;

/** What the guard has to say to the page of the same request. */
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

  /** When the page was given out that this request answers. */
  void waitedSince(long millis) {
    since = millis;
  }

  /** Null if this request answers no page, or one that is not ours. */
  @Nullable Long since() {
    return since;
  }

  void put(String newStamp) {
    stamp = newStamp;
  }

  void refuse(long seconds) {
    retryAfterSeconds = seconds;
  }

  /** For the hidden field; null if the flow has no guard. */
  @Nullable String stamp() {
    return stamp;
  }

  /** Zero if nothing was refused. */
  long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
