/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;

/**
 * Two limits of the same size, so that a flood of requests that name no account does not hide
 * refusals that concern one. The latter are limited by the budgets of guesses as well.
 *
 * @param anonymous for events without an account
 * @param account for events of an account
 */
record LineLimits(LineLimit anonymous, LineLimit account) {

  static LineLimits of(int linesPerMinute, LongSupplier nanos) {
    return new LineLimits(
        new LineLimit(linesPerMinute, nanos), new LineLimit(linesPerMinute, nanos));
  }

  /** Returns whether a line may be written; if not, it is counted. */
  boolean admit(Event event) {
    var limit = event.getUserId() == null ? anonymous : account;
    return limit.admits(event.getIpAddress(), event.getType());
  }

  /** Returns how many lines were not written since the last call, by event type. */
  Map<EventType, Long> takeWithheld() {
    var counts = new EnumMap<EventType, Long>(EventType.class);
    counts.putAll(anonymous.takeWithheld());
    account.takeWithheld().forEach((type, count) -> counts.merge(type, count, Long::sum));
    return counts;
  }
}
