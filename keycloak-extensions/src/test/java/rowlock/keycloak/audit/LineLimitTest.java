/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

class LineLimitTest {
  private static final int SHARE = 10;

  private final AtomicLong now = new AtomicLong();
  private final LineLimit limit = new LineLimit(10 * SHARE, now::get);

  @Test
  void admits_floodOfOneNetwork_leavesOtherTypesAndNetworks() {
    assertThat(written("192.0.2.1", EventType.LOGIN_ERROR, 5 * SHARE)).isEqualTo(SHARE);
    assertThat(limit.admits("192.0.2.1", EventType.CODE_TO_TOKEN_ERROR)).isTrue();
    assertThat(limit.admits("192.0.2.2", EventType.LOGIN_ERROR)).isTrue();
    assertThat(written("2001:db8::1", EventType.LOGIN_ERROR, SHARE)).isEqualTo(SHARE);
    assertThat(limit.admits("2001:db8::2", EventType.LOGIN_ERROR)).as("same /64").isFalse();
  }

  @Test
  void admits_floodOfManyNetworks_isLimitedForTheNode() {
    var written = 0;
    for (var network = 0; network < 250; network++) {
      written += written("192.0.2." + network, EventType.LOGIN_ERROR, 2);
    }

    assertThat(written).isEqualTo(10 * SHARE);
    assertThat(limit.takeWithheld()).isEqualTo(Map.of(EventType.LOGIN_ERROR, 400L));
    assertThat(limit.takeWithheld()).isEmpty();

    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(limit.admits("192.0.2.1", EventType.LOGIN_ERROR)).isTrue();
  }

  private int written(String address, EventType type, int tries) {
    var written = 0;
    for (var i = 0; i < tries; i++) {
      written += limit.admits(address, type) ? 1 : 0;
    }
    return written;
  }
}
