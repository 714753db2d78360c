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
import rowlock.deployment.supply.Advisories.NoAnswerException;

/**
 * No part that ships has a known vulnerability. That is asked of a service in the net, and its
 * answer is another one tomorrow: so it is asked with {@code -Drowlock.advisories=ask}, and where
 * it was not, or nobody answered, one line says so; with {@code required} that is a failure. {@code
 * -Drowlock.advisories.url} names a mirror.
 */
class KnownVulnerabilitiesIT {

  private static final String WISH = System.getProperty("rowlock.advisories", "no");

  @Test
  void nothingThatShipsHasAKnownVulnerability() {
    if (!List.of("ask", "required").contains(WISH)) {
      leaveOut("-Drowlock.advisories=ask asks for them");
    }
    URI service =
        URI.create(System.getProperty("rowlock.advisories.url", Advisories.OSV.toString()));
    List<String> purls = Shipped.parts().stream().flatMap(Advisories::purls).distinct().toList();
    Map<String, SortedSet<String>> known = new TreeMap<>();
    try {
      known.putAll(new Advisories(service).of(purls));
    } catch (NoAnswerException e) {
      leaveOut(e.getMessage());
    }
    Accepted accepted = Accepted.read();
    LocalDate today = LocalDate.now();
    known.values().forEach(ids -> ids.removeIf(id -> accepted.has(id, today)));
    known.values().removeIf(SortedSet::isEmpty);
    System.out.println(
        "Known vulnerabilities were looked up for " + purls.size() + " packages: " + known.size());
    assertThat(known).as("https://osv.dev/vulnerability/<id> tells about each").isEmpty();
  }

  private static void leaveOut(String reason) {
    String message = "Known vulnerabilities were NOT looked up: " + reason;
    assertThat(WISH).as(message).isNotEqualTo("required");
    System.out.println(message);
    abort(message);
  }
}
