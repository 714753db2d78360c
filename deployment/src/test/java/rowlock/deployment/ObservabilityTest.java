/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks alert rules and dashboard. {@link ComposeIT} checks that the servers expose the other
 * metrics.
 */
class ObservabilityTest {
  private static final Pattern PAGE = Pattern.compile("docs/[a-z-]+\\.md(?:, ([A-Z][^.;]*))?");

  @Test
  void ownMetrics_inExpressions_existInTheCode() throws IOException {
    Set<String> asked = new TreeSet<>(Observability.metrics());
    asked.removeIf(name -> !name.startsWith("rowlock_"));
    assertThat(asked).hasSizeGreaterThan(20);
    assertThat(Observability.own()).containsAll(asked);
  }

  @Test
  void ownMetrics_areOnTheDashboard() throws IOException {
    var asked = String.join(" ", Observability.metrics());
    assertThat(Observability.own())
        .map(name -> name.replaceFirst("_(seconds_)?(count|sum|max|bucket|total)$", ""))
        .allSatisfy(
            name -> {
              if (!NOT_SHOWN.contains(name)) {
                assertThat(asked).contains(name);
              }
            });
  }

  // a look-up that few deployments use
  private static final Set<String> NOT_SHOWN = Set.of("rowlock_password_range");

  @Test
  void metrics_ofAnExpression_areFound() {
    assertThat(
            Observability.metrics(
                "sum by (job, a_label) (rate(one_total{x=\"y\",z=~\"b|c\"}[5m])) / on (d) two_seconds_sum > 0.5 and up == 1"))
        .containsExactly("one_total", "two_seconds_sum", "up");
  }

  @Test
  void alerts_haveSummaryAndAction() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    Observability.alerts().path("groups").forEach(group -> group.path("rules").forEach(rules::add));
    assertThat(rules).hasSizeGreaterThan(15);
    Set<String> names = new HashSet<>();
    for (var rule : rules) {
      var name = rule.path("alert").asText();
      assertThat(names.add(name)).as(name).isTrue();
      assertThat(rule.at("/labels/severity").asText()).as(name).isIn("page", "ticket");
      assertThat(rule.at("/annotations/summary").asText()).as(name).isNotBlank();
      var action = rule.at("/annotations/action").asText();
      assertThat(action).as(name).isNotBlank();
      var page = PAGE.matcher(action);
      while (page.find()) {
        var file = Compose.ROOT.resolve(page.group().replaceFirst(",.*", ""));
        assertThat(file).as(name).exists();
        if (page.group(1) != null) {
          assertThat(Files.readAllLines(file)).as(name).contains("## " + page.group(1));
        }
      }
    }
  }

  @Test
  void panels_useTheDataSourceAndDoNotOverlap() {
    var dashboard = Observability.dashboard();
    var source =
        Observability.yaml("grafana/provisioning/datasources/prometheus.yml")
            .at("/datasources/0/uid")
            .asText();
    Set<Integer> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (var panel : dashboard.path("panels")) {
      var title = panel.path("title").asText();
      assertThat(title).isNotBlank();
      assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
      var place = panel.path("gridPos");
      for (var x = 0; x < place.path("w").asInt(); x++) {
        for (var y = 0; y < place.path("h").asInt(); y++) {
          var column = place.path("x").asInt() + x;
          assertThat(column).as(title).isBetween(0, 23);
          assertThat(cells.add(column + " " + (place.path("y").asInt() + y))).as(title).isTrue();
        }
      }
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("targets")).as(title).isNotEmpty();
        for (var target : panel.path("targets")) {
          assertThat(target.path("expr").asText()).as(title).isNotBlank();
          assertThat(target.at("/datasource/uid").asText()).as(title).isEqualTo(source);
        }
      }
    }
    assertThat(dashboard.path("uid").asText()).isEqualTo("rowlock");
  }

  @Test
  void alerts_promtoolTests_pass() throws Exception {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "test", "rules", "alerts_test.yml")
              .directory(Observability.FOLDER.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "promtool is missing: the tests of the alert rules are skipped");
      return;
    }
    var said = new String(promtool.getInputStream().readAllBytes());
    assertThat(promtool.waitFor()).as(said).isZero();
  }
}
