/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks that the measurement runs, and that the cache saves CPU time. */
@Tag("thorough")
class StartLoadIT {
  @Test
  void cache_startsWithLessCpuTime() throws InterruptedException {
    var starts = new StartLoad(RequestSettings.program(Path.of("../../task-api/target")), 1).run();

    assertThat(starts).containsOnlyKeys(StartKind.values());
    assertThat(starts.get(StartKind.CACHED).getFirst().cpuSeconds())
        .isLessThan(starts.get(StartKind.JAR).getFirst().cpuSeconds());
  }
}
