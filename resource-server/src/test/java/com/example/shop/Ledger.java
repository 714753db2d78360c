/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import java.time.Clock;
import org.springframework.stereotype.Component;

/** A bean whose name an engine might use too. */
@Component
class Ledger {
  private final Clock clock;

  Ledger(Clock clock) {
    this.clock = clock;
  }

  String zone() {
    return clock.getZone().getId();
  }
}
