/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that the overlay replaces each placeholder value of the base. The base alone does not work
 * in any cluster.
 */
class OverlayTest {
  private static final String NOWHERE = "(?s).*(invalid|192\\.0\\.2\\.).*";

  private final Manifests base = Manifests.base();
  private final Map<String, String> settings = Manifests.settings(Manifests.BASE);

  @Test
  void replacements_targetPlacesWithTheBaseValue() {
    for (var replacement : replacements()) {
      var value = value(replacement.path("source"));
      for (var target : replacement.path("targets")) {
        var manifest =
            base.one(target.at("/select/kind").asText(), target.at("/select/name").asText());
        for (var path : target.path("fieldPaths")) {
          assertThat(at(manifest.json(), path.asText()).asText())
              .as("%s %s", manifest, path.asText())
              .isEqualTo(value);
        }
      }
    }
  }

  /** A policy whose target does not exist has no effect and reports this in its status only. */
  @Test
  void gatewayPolicies_haveTargets_andRoutesHavePolicies() {
    TreeSet<String> targets = new TreeSet<>();
    for (var policy : Manifests.ofOverlay().all()) {
      for (var target : policy.spec().path("targetRefs")) {
        targets.add(
            base.one(target.path("kind").asText(), target.path("name").asText()).toString());
      }
    }
    assertThat(targets)
        .containsExactly("Gateway/rowlock", "HTTPRoute/api", "HTTPRoute/login", "HTTPRoute/tasks");
    assertThat(
            Manifests.ofOverlay()
                .one("BackendTrafficPolicy", "login")
                .spec()
                .at("/requestBuffer/limit")
                .asText())
        .isEqualTo("24Ki");
  }

  @Test
  void placeholderValues_areAllReplaced() {
    TreeSet<String> replaced = new TreeSet<>();
    for (var replacement : replacements()) {
      for (var target : replacement.path("targets")) {
        for (var path : target.path("fieldPaths")) {
          replaced.add(
              target.at("/select/kind").asText()
                  + "/"
                  + target.at("/select/name").asText()
                  + " "
                  + path.asText());
        }
      }
    }
    TreeSet<String> left = new TreeSet<>();
    for (var manifest : base.all()) {
      paths(manifest.json(), "").stream()
          .filter(path -> at(manifest.json(), path).asText().matches(NOWHERE))
          .forEach(path -> left.add(manifest + " " + named(manifest.json(), path)));
    }
    assertThat(left).isNotEmpty().isEqualTo(replaced);
    var overlay = Manifests.settings(Manifests.OVERLAY);
    settings.forEach(
        (name, value) -> {
          if (value.matches(NOWHERE)) {
            assertThat(overlay).containsKey(name);
            assertThat(overlay.get(name)).doesNotMatch(NOWHERE);
          }
        });
  }

  /** Compares with the output of kustomize, if it is installed. */
  @Test
  void kustomize_rendersTheSame(@TempDir Path folder) throws Exception {
    var output = folder.resolve("rendered.yaml");
    Process kubectl;
    try {
      kubectl =
          new ProcessBuilder("kubectl", "kustomize", Manifests.OVERLAY.toString())
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      System.out.println("kubectl is missing: the comparison with its output is skipped.");
      abort("no kubectl");
      return;
    }
    assertThat(kubectl.waitFor()).isZero();
    assertThat(Files.readString(output)).doesNotMatch(NOWHERE).contains("registry.example.org");
    var rendered = Manifests.read(output);
    assertThat(rendered)
        .hasSize(
            base.all().size()
                + Manifests.ofOverlay().all().size()
                + 1); // one more for the ConfigMap
    for (var json : rendered) {
      if (json.path("kind").asText().matches("Keycloak|Deployment")) {
        Manifests.texts(json)
            .filter(text -> text.contains("rowlock/keycloak") || text.contains("rowlock/task-"))
            .forEach(image -> assertThat(image).matches("registry\\.example\\.org/.*:[0-9.]+"));
      }
    }
  }

  private static JsonNode replacements() {
    var replacements = Manifests.read(Manifests.OVERLAY.resolve("replacements.yaml")).getFirst();
    assertThat(replacements).isNotEmpty();
    return replacements;
  }

  private String value(JsonNode source) {
    assertThat(source.path("kind").asText()).isEqualTo("ConfigMap");
    assertThat(source.path("name").asText()).isEqualTo("rowlock");
    var value = settings.get(source.path("fieldPath").asText().substring("data.".length()));
    var options = source.path("options");
    return options.isMissingNode()
        ? value
        : value.split(options.path("delimiter").asText())[options.path("index").asInt()];
  }

  /**
   * Returns the value at a path in kustomize's notation: names, numbers, {@code [name=value]},
   * {@code [a.name]}.
   */
  private static JsonNode at(JsonNode json, String path) {
    var here = json;
    for (var step : path.split("\\.(?![^\\[]*\\])")) {
      if (step.startsWith("[") && step.contains("=")) {
        var condition = step.substring(1, step.length() - 1).split("=");
        here =
            Manifests.stream(here)
                .filter(element -> element.path(condition[0]).asText().equals(condition[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + path));
      } else if (here.isArray()) {
        here = here.path(Integer.parseInt(step));
      } else {
        here = here.path(step.startsWith("[") ? step.substring(1, step.length() - 1) : step);
      }
    }
    return here;
  }

  private static List<String> paths(JsonNode json, String to) {
    List<String> paths = new ArrayList<>();
    var dot = to.isEmpty() ? "" : to + ".";
    if (json.isObject()) {
      json.properties()
          .forEach(
              entry -> {
                var name = entry.getKey();
                paths.addAll(
                    paths(entry.getValue(), dot + (name.contains(".") ? "[" + name + "]" : name)));
              });
    } else if (json.isArray()) {
      for (var i = 0; i < json.size(); i++) {
        paths.addAll(paths(json.get(i), dot + i));
      }
    } else {
      paths.add(to);
    }
    return paths;
  }

  /** Replaces the indexes of listeners and options by their names. */
  private static String named(JsonNode json, String path) {
    var result = path;
    for (var list : List.of("spec.listeners.", "spec.additionalOptions.")) {
      if (path.startsWith(list)) {
        var index = path.substring(list.length()).replaceFirst("\\..*", "");
        var name = at(json, list + index + ".name").asText();
        result = list + "[name=" + name + "]" + path.substring((list + index).length());
      }
    }
    return result;
  }
}
