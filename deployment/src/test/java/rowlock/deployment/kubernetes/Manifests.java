/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads the files in {@code deployment/kubernetes}. */
final class Manifests {
  /** The root folder of the repository. */
  static final Path ROOT = root();

  static final Path KUBERNETES = ROOT.resolve("deployment/kubernetes");
  static final Path BASE = KUBERNETES.resolve("base");
  static final Path OVERLAY = KUBERNETES.resolve("overlays/production");

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Represents one object.
   *
   * @param file that contains it
   * @param json of the object
   */
  record Manifest(Path file, JsonNode json) {

    String kind() {
      return json.path("kind").asText();
    }

    String name() {
      return json.at("/metadata/name").asText();
    }

    JsonNode spec() {
      return json.path("spec");
    }

    /** Returns the labels of the pods of a Deployment, or of a Keycloak resource. */
    Map<String, String> podLabels() {
      return kind().equals("Keycloak")
          ? Map.of(
              "app",
              "keycloak",
              "app.kubernetes.io/managed-by",
              "keycloak-operator",
              "app.kubernetes.io/instance",
              name(),
              "app.kubernetes.io/component",
              "server")
          : map(spec().at("/template/metadata/labels"));
    }

    @Override
    public String toString() {
      return kind() + "/" + name();
    }
  }

  private final List<Manifest> all;

  private Manifests(List<Manifest> all) {
    this.all = List.copyOf(all);
  }

  /** Returns the objects of the base, in the order of its kustomization. */
  static Manifests base() {
    return in(BASE);
  }

  /** Returns the objects of the component that compares the realm with its source. */
  static Manifests realmVerify() {
    return in(KUBERNETES.resolve("realm-verify"));
  }

  /** Returns the objects that the overlay adds to the base. */
  static Manifests ofOverlay() {
    return in(OVERLAY);
  }

  private static Manifests in(Path folder) {
    List<Manifest> all = new ArrayList<>();
    for (var file : read(folder.resolve("kustomization.yaml")).getFirst().path("resources")) {
      var path = folder.resolve(file.asText());
      if (Files.isRegularFile(path)) {
        read(path).forEach(json -> all.add(new Manifest(path, json)));
      }
    }
    return new Manifests(all);
  }

  List<Manifest> all() {
    return all;
  }

  List<Manifest> kind(String kind) {
    return all.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
  }

  Manifest one(String kind, String name) {
    return kind(kind).stream()
        .filter(manifest -> manifest.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no " + kind + "/" + name));
  }

  /** Returns the documents of a YAML file. */
  static List<JsonNode> read(Path file) {
    try {
      List<JsonNode> documents = new ArrayList<>();
      var strict = new LoaderOptions();
      strict.setAllowDuplicateKeys(false);
      for (var document : new Yaml(new SafeConstructor(strict)).loadAll(Files.readString(file))) {
        documents.add(JSON.valueToTree(document));
      }
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the settings of a file with {@code NAME=value} lines. */
  static Map<String, String> settings(Path folder) {
    try (var lines = Files.lines(folder.resolve("settings.env"))) {
      Map<String, String> settings = new LinkedHashMap<>();
      lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("=", 2))
          .forEach(parts -> settings.put(parts[0], parts[1]));
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static Map<String, String> map(JsonNode object) {
    Map<String, String> map = new LinkedHashMap<>();
    object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  /** Returns all text values in an object. */
  static Stream<String> texts(JsonNode json) {
    return json.isValueNode() ? Stream.of(json.asText()) : stream(json).flatMap(Manifests::texts);
  }

  private static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docker-compose.yml"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
