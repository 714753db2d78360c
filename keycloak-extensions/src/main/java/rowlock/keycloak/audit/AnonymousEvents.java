/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import org.keycloak.events.Event;

/** Recognizes the events that requests without valid credentials can cause in any number. */
final class AnonymousEvents {
  private AnonymousEvents() {}

  /** Returns whether the event is an error or has no account. */
  static boolean canCause(Event event) {
    return event.getUserId() == null
        || event.getError() != null
        || event.getType().name().endsWith("_ERROR");
  }
}
