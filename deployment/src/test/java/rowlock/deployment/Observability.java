/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the files for Prometheus and Grafana, and the metrics that they use. */
final class Observability {
  static final Path FOLDER = Compose.ROOT.resolve("deployment/observability");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern NOT_A_NAME =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring)\\s*\\([^)]*\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<!\\w)[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w)(?!\\s*\\()");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "e");
  private static final Pattern METER =
      Pattern.compile(
          "(Counter\\.builder|\\.counter|Timer\\.builder|Gauge\\.builder)\\(\\s*\"(rowlock\\.[a-z.]+)\"([^;]*);");

  private Observability() {}

  static JsonNode alerts() {
    return yaml("alerts.yml");
  }

  static JsonNode yaml(String file) {
    try {
      return YAML.readTree(Files.readString(FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode dashboard() {
    try {
      return Http.json(Files.readString(FOLDER.resolve("grafana/dashboards/rowlock.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all expressions of rules and dashboard. */
  static List<String> expressions() {
    List<String> all = new ArrayList<>();
    Stream.of(alerts(), dashboard())
        .flatMap(file -> file.findValues("expr").stream())
        .map(JsonNode::asText)
        .forEach(all::add);
    return all;
  }

  /** Returns the metrics that an expression uses. */
  static SortedSet<String> metrics(String expression) {
    SortedSet<String> names = new TreeSet<>();
    var name = NAME.matcher(NOT_A_NAME.matcher(expression).replaceAll(" "));
    while (name.find()) {
      if (!WORDS.contains(name.group())) {
        names.add(name.group());
      }
    }
    return names;
  }

  static SortedSet<String> metrics() {
    SortedSet<String> names = new TreeSet<>();
    expressions().forEach(expression -> names.addAll(metrics(expression)));
    return names;
  }

  /** Returns the metrics of our own code, with their names in Prometheus. */
  static SortedSet<String> own() throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (var module : List.of("keycloak-extensions", "resource-server", "task-api", "task-web")) {
      try (var files = Files.walk(Compose.ROOT.resolve(module).resolve("src/main/java"))) {
        for (var file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          var meter = METER.matcher(Files.readString(file));
          while (meter.find()) {
            var name = meter.group(2).replace('.', '_');
            switch (meter.group(1)) {
              case "Timer.builder" -> {
                for (var part : List.of("count", "sum", "max", "bucket")) {
                  names.add(name + "_seconds_" + part);
                }
              }
              case "Gauge.builder" ->
                  names.add(meter.group(3).contains("\"seconds\"") ? name + "_seconds" : name);
              default -> names.add(name + "_total");
            }
          }
        }
      }
    }
    return names;
  }

  /** Returns the names of the metrics in a server's response. */
  static SortedSet<String> exposed(String answer) {
    SortedSet<String> names = new TreeSet<>();
    answer
        .lines()
        .filter(line -> line.matches("[a-z_]+(\\{.*)? .*") && !line.startsWith("HTTP"))
        .forEach(line -> names.add(line.replaceFirst("[{ ].*", "")));
    return names;
  }
}
