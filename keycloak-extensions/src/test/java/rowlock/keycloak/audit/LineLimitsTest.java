/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;

class LineLimitsTest {
  @Test
  void admit_floodWithoutAccount_leavesRefusalsOfAccounts() {
    var limits = LineLimits.of(100, () -> 0);
    var written = 0;
    for (var i = 0; i < 500; i++) {
      written += limits.admit(refusal(null, "192.0.2." + i % 50)) ? 1 : 0;
    }

    assertThat(written).isEqualTo(100);
    assertThat(limits.admit(refusal("an-account", "192.0.2.1"))).isTrue();
    assertThat(limits.takeWithheld()).isEqualTo(Map.of(EventType.LOGIN_ERROR, 400L));
  }

  private static Event refusal(@Nullable String userId, String address) {
    var event = new Event();
    event.setType(EventType.LOGIN_ERROR);
    event.setError("any");
    event.setUserId(userId);
    event.setIpAddress(address);
    return event;
  }
}
