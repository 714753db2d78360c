/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.request;

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
            List.of(
                "../task-api/target/task-api-0.1.0-SNAPSHOT-app.jar",
                "owners=2",
                "tasks=2",
                "connections=2",
                "warmup=0",
                "turn=1",
                "rounds=1"));

    var costs = new RequestLoad(small).run();

    assertThat(costs).containsOnlyKeys(Operation.values());
    assertThat(costs.values())
        .allSatisfy(servers -> assertThat(servers.getFirst().millisEach()).isPositive());
  }
}
