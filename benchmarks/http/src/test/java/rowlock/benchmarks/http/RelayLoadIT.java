/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks that the load runs, without assertions on time. */
@Tag("thorough")
class RelayLoadIT {
  @Test
  void requests_getTheExpectedStatusOnBothWays() throws InterruptedException {
    var small =
        RequestSettings.of(
            List.of("owners=2", "tasks=2", "connections=2", "warmup=0", "turn=1", "rounds=1"));

    var costs = new RelayLoad(small).run();

    assertThat(costs).containsOnlyKeys(Operation.GET, Operation.LIST, Operation.POST);
    assertThat(costs.values())
        .allSatisfy(ways -> assertThat(ways).containsOnlyKeys(RelayLoad.Way.values()));
  }
}
