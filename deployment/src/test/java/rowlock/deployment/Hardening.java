/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Checks the restrictions of a container. */
final class Hardening {
  private Hardening() {}

  /**
   * @param container output of {@code docker inspect}
   */
  static void check(JsonNode container) {
    var host = container.get("HostConfig");
    var name = container.get("Name").asText();
    assertThat(host.get("ReadonlyRootfs").asBoolean()).as(name).isTrue();
    assertThat(host.get("Privileged").asBoolean()).as(name).isFalse();
    assertThat(host.get("CapDrop").toString()).as(name).contains("ALL");
    assertThat(host.get("SecurityOpt").toString()).as(name).contains("no-new-privileges");
    assertThat(host.get("Memory").asLong()).as(name).isPositive();
    assertThat(host.get("PidsLimit").asLong()).as(name).isPositive();
    if (!name.contains("-db-")) {
      assertThat(host.get("CapAdd").isNull() || host.get("CapAdd").isEmpty()).as(name).isTrue();
      assertThat(container.at("/Config/User").asText()).as(name).isNotIn("", "0", "root");
    }
  }
}
