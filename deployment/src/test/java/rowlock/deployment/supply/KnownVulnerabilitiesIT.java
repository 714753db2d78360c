/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import rowlock.deployment.supply.Advisories.NoResponseException;

/**
 * Checks that no shipped component has a known vulnerability. The result depends on an online
 * service and changes over time, so the query needs {@code -Drowlock.advisories=ask}. Without it,
 * or if the service is unreachable, one line says so; with {@code required} the test then fails.
 * {@code -Drowlock.advisories.url} sets a mirror.
 */
class KnownVulnerabilitiesIT {
  private static final String WISH = System.getProperty("rowlock.advisories", "no");

  @Test
  void shippedComponents_haveNoKnownVulnerability() {
    if (!List.of("ask", "required").contains(WISH)) {
      leaveOut("switch the query on with -Drowlock.advisories=ask");
    }
    var service =
        URI.create(System.getProperty("rowlock.advisories.url", Advisories.OSV.toString()));
    var purls = ShippedJar.parts().stream().flatMap(Advisories::purls).distinct().toList();
    Map<String, SortedSet<String>> known = new TreeMap<>();
    try {
      known.putAll(new Advisories(service).of(purls));
    } catch (NoResponseException e) {
      leaveOut(e.getMessage());
    }
    var accepted = AcceptedAdvisories.read();
    var today = LocalDate.now();
    known.values().forEach(ids -> ids.removeIf(id -> accepted.has(id, today)));
    known.values().removeIf(SortedSet::isEmpty);
    System.out.println(
        "Known vulnerabilities were queried for " + purls.size() + " packages: " + known.size());
    assertThat(known).as("https://osv.dev/vulnerability/<id> describes each").isEmpty();
  }

  private static void leaveOut(String reason) {
    var message = "Known vulnerabilities were NOT queried: " + reason;
    assertThat(WISH).as(message).isNotEqualTo("required");
    System.out.println(message);
    abort(message);
  }
}
