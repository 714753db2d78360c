/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;

/**
 * Two limits of the same size, so that a flood of requests without an account does not hide
 * refusals that concern an account. The latter are limited by the guess budgets as well.
 *
 * @param anonymous for events without an account
 * @param account for events of an account
 */
record LineLimits(LineLimit anonymous, LineLimit account) {

  static LineLimits of(int linesPerMinute, LongSupplier nanos) {
    return new LineLimits(
        new LineLimit(linesPerMinute, nanos), new LineLimit(linesPerMinute, nanos));
  }

  /** Returns whether a line may be written; otherwise counts it as withheld. */
  boolean admit(Event event) {
    var limit = event.getUserId() == null ? anonymous : account;
    return limit.admits(event.getIpAddress(), event.getType());
  }

  /** Returns the number of lines withheld since the last call, by event type. */
  Map<EventType, Long> takeWithheld() {
    var counts = new EnumMap<EventType, Long>(EventType.class);
    counts.putAll(anonymous.takeWithheld());
    account.takeWithheld().forEach((type, count) -> counts.merge(type, count, Long::sum));
    return counts;
  }
}
