/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.deployment.SetupFiles;
import rowlock.deployment.kubernetes.Manifests.Manifest;

/** Checks that names in one manifest exist in the others. */
class ManifestReferencesTest {
  private static final Pattern FILE = Pattern.compile("/run/[a-z]+/[a-z0-9./-]*[a-z0-9]");
  private static final Pattern INSIDE = Pattern.compile("https?://[a-z-]+(?::[0-9]+)?(?=/|$)");

  private final Manifests base = Manifests.base();

  @Test
  void kustomizations_nameEachFile() {
    var kustomization = Manifests.read(Manifests.BASE.resolve("kustomization.yaml")).getFirst();
    assertThat(Manifests.texts(kustomization.path("resources")))
        .containsExactlyInAnyOrderElementsOf(files(Manifests.BASE, "kustomization.yaml"));
    var overlay = Manifests.read(Manifests.OVERLAY.resolve("kustomization.yaml")).getFirst();
    assertThat(Manifests.texts(overlay))
        .containsAll(files(Manifests.OVERLAY, "kustomization.yaml"))
        .contains("../../base");
    assertThat(base.all().stream().map(Manifest::toString)).doesNotHaveDuplicates();
  }

  private static Set<String> files(Path folder, String but) {
    try (var files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(Predicate.not(but::equals))
          .filter(name -> name.endsWith(".yaml"))
          .forEach(names::add);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void secretsAndConfigMaps_haveTheReferencedKeys() throws IOException {
    var there = References.secrets();
    Set<String> references = new TreeSet<>();
    base.all().forEach(manifest -> references.addAll(References.referencesIn(manifest.spec())));
    assertThat(references).isNotEmpty();
    for (var reference : references) {
      var parts = reference.split("/");
      assertThat(there).as(reference).containsKey(parts[0] + "/" + parts[1]);
      if (parts.length > 2) {
        assertThat(there.get(parts[0] + "/" + parts[1])).as(reference).contains(parts[2]);
      }
    }
    var readme = Files.readString(Manifests.KUBERNETES.resolve("README.md"));
    there.keySet().stream()
        .filter(name -> !name.endsWith("/rowlock"))
        .forEach(name -> assertThat(readme).contains("`" + name.split("/")[1] + "`"));
  }

  @Test
  void script_usesTheFilesOfTheSetupProgram(@TempDir Path folder) {
    SetupFiles.makeSecrets(folder);
    References.secretFiles()
        .forEach(
            (secret, fields) ->
                fields.forEach(
                    (key, source) -> {
                      if (source.contains("/")) {
                        assertThat(folder.resolve(source)).as(secret + " " + key).isNotEmptyFile();
                      }
                    }));
    assertThat(References.secretFiles().values().stream().mapToInt(Map::size).sum()).isEqualTo(12);
  }

  /** Includes paths within a value, such as the database's certificate in a JDBC URL. */
  @Test
  void filesInSettings_areMounted() {
    for (var deployment : base.kind("Deployment")) {
      var pod = deployment.spec().at("/template/spec");
      for (var container : pod.path("containers")) {
        var files = References.files(pod, container);
        Set<String> named = new TreeSet<>();
        environment(container).values().forEach(value -> named.addAll(all(FILE, value)));
        assertThat(named).as(deployment.toString()).isNotEmpty();
        assertThat(named)
            .as(deployment.toString())
            .allMatch(
                name ->
                    files.contains(name)
                        || files.stream().anyMatch(file -> file.startsWith(name + "/")));
        assertThat(files)
            .as("each secret of %s is used", deployment)
            .filteredOn(file -> file.startsWith("/run/secrets/"))
            .allMatch(file -> named.contains(file) || file.startsWith("/run/secrets/settings/"));
      }
    }
  }

  @Test
  void internalServers_haveServicePortAndCertificate() {
    Set<String> addresses = new TreeSet<>();
    for (var deployment : base.kind("Deployment")) {
      for (var container : deployment.spec().at("/template/spec/containers")) {
        environment(container).values().forEach(value -> addresses.addAll(all(INSIDE, value)));
      }
    }
    assertThat(addresses).hasSizeGreaterThanOrEqualTo(2).allMatch(url -> url.startsWith("https:"));
    for (var address : addresses) {
      var url = URI.create(address);
      assertThat(ports(url.getHost())).contains(url.getPort() < 0 ? 443 : url.getPort());
      assertThat(certificateNames()).contains(url.getHost());
    }
  }

  @Test
  void services_selectPodsWithTheirPort() {
    for (var service : base.kind("Service")) {
      var workload = workload(Manifests.map(service.spec().path("selector")));
      Set<String> names = new HashSet<>();
      workload
          .spec()
          .at("/template/spec/containers")
          .forEach(
              container ->
                  container.path("ports").forEach(port -> names.add(port.path("name").asText())));
      for (var port : service.spec().path("ports")) {
        assertThat(names).as(service.toString()).contains(port.path("targetPort").asText());
        assertThat(port.path("targetPort").asText())
            .as("the management port is not published")
            .isNotEqualTo("management");
      }
    }
  }

  @Test
  void routes_leadToServicesWithVerifiedTls() {
    var gateway = base.kind("Gateway").getFirst();
    Set<String> listeners = new TreeSet<>();
    gateway.spec().path("listeners").forEach(l -> listeners.add(l.path("name").asText()));
    Set<String> used = new TreeSet<>();
    for (var route : base.kind("HTTPRoute")) {
      for (var parent : route.spec().path("parentRefs")) {
        assertThat(parent.path("name").asText()).isEqualTo(gateway.name());
        var section = parent.path("sectionName").asText();
        assertThat(listeners).contains(section);
        used.add(section);
        var listener =
            Manifests.stream(gateway.spec().path("listeners"))
                .filter(l -> l.path("name").asText().equals(section))
                .findFirst()
                .orElseThrow();
        assertThat(route.spec().at("/hostnames/0").asText())
            .isEqualTo(listener.path("hostname").asText());
        assertThat(listener.path("protocol").asText())
            .isEqualTo(section.equals("http") ? "HTTP" : "HTTPS");
      }
      for (var rule : route.spec().path("rules")) {
        for (var backend : rule.path("backendRefs")) {
          var name = backend.path("name").asText();
          assertThat(ports(name)).contains(backend.path("port").asInt());
          assertThat(base.kind("BackendTLSPolicy"))
              .as("TLS to " + name)
              .anyMatch(policy -> isFor(policy, name));
        }
        if (route.spec().at("/hostnames").isMissingNode()) {
          assertThat(rule.has("backendRefs")).as("the route without TLS has no backend").isFalse();
        }
      }
    }
    assertThat(used).isEqualTo(listeners);
  }

  private boolean isFor(Manifest policy, String service) {
    var hostname = policy.spec().at("/validation/hostname").asText();
    return policy.spec().at("/targetRefs/0/name").asText().equals(service)
        && policy.spec().at("/targetRefs/0/kind").asText().equals("Service")
        && certificateNames().contains(hostname);
  }

  @Test
  void certificates_haveAnExistingIssuer() {
    var issuers = base.kind("Issuer").stream().map(Manifest::name).toList();
    assertThat(base.kind("Certificate"))
        .allSatisfy(
            certificate ->
                assertThat(issuers).contains(certificate.spec().at("/issuerRef/name").asText()));
  }

  @Test
  void servers_haveDisruptionBudgetsAndAutoscalers() {
    for (var budget : base.kind("PodDisruptionBudget")) {
      var workload = workload(Manifests.map(budget.spec().at("/selector/matchLabels")));
      assertThat(workload.name()).isEqualTo(budget.name());
      assertThat(budget.spec().path("maxUnavailable").asInt()).isEqualTo(1);
    }
    assertThat(base.kind("PodDisruptionBudget")).hasSize(3);
    for (var deployment : base.kind("Deployment")) {
      var scaler = base.one("HorizontalPodAutoscaler", deployment.name());
      var target = scaler.spec().path("scaleTargetRef");
      assertThat(target.path("kind").asText()).isEqualTo("Deployment");
      assertThat(target.path("apiVersion").asText()).isEqualTo("apps/v1");
      assertThat(target.path("name").asText()).isEqualTo(deployment.name());
      assertThat(scaler.spec().path("minReplicas").asInt()).isGreaterThan(1);
      assertThat(deployment.spec().has("replicas")).as("two masters").isFalse();
    }
  }

  /** Returns the variables of a container with their values, including those of the ConfigMap. */
  static Map<String, String> environment(JsonNode container) {
    var settings = Manifests.settings(Manifests.BASE);
    Map<String, String> environment = new TreeMap<>();
    for (var variable : container.path("env")) {
      var reference = variable.at("/valueFrom/configMapKeyRef/key");
      environment.put(
          variable.path("name").asText(),
          reference.isMissingNode()
              ? variable.path("value").asText()
              : settings.getOrDefault(reference.asText(), ""));
    }
    return environment;
  }

  private Manifest workload(Map<String, String> selector) {
    var found =
        base.all().stream()
            .filter(manifest -> Set.of("Deployment", "Keycloak").contains(manifest.kind()))
            .filter(manifest -> manifest.podLabels().entrySet().containsAll(selector.entrySet()))
            .toList();
    assertThat(found).as("pods with %s", selector).hasSize(1);
    return found.getFirst();
  }

  private Set<Integer> ports(String service) {
    if (service.equals(base.kind("Keycloak").getFirst().name() + "-service")) {
      return Set.copyOf(References.KEYCLOAK_SERVICE.values());
    }
    Set<Integer> ports = new TreeSet<>();
    base.one("Service", service)
        .spec()
        .path("ports")
        .forEach(port -> ports.add(port.path("port").asInt()));
    return ports;
  }

  private Set<String> certificateNames() {
    Set<String> names = new TreeSet<>();
    base.kind("Certificate")
        .forEach(c -> c.spec().path("dnsNames").forEach(name -> names.add(name.asText())));
    return names;
  }

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    var matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
