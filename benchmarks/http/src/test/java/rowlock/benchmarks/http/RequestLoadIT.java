/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks that the load runs, without assertions on time. */
@Tag("thorough")
class RequestLoadIT {
  @Test
  void operations_getTheExpectedStatus() throws InterruptedException {
    var small =
        RequestSettings.of(
            List.of("owners=2", "tasks=2", "connections=2", "warmup=0", "turn=1", "rounds=1"));

    var costs = new RequestLoad(small).run();

    assertThat(costs).containsOnlyKeys(Operation.values());
    assertThat(costs.values())
        .allSatisfy(servers -> assertThat(servers).hasSize(2))
        .allSatisfy(servers -> assertThat(servers.getLast().millisEach()).isPositive());
  }
}
