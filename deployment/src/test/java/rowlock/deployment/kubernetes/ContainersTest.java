/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.deployment.kubernetes.Manifests.Manifest;

/** Checks the restrictions, ports and probes of the pods. */
class ContainersTest {

  private final Manifests base = Manifests.base();

  @Test
  void pods_haveNoUnneededPrivileges() {
    for (JsonNode pod : pods()) {
      assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
      assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
      assertThat(pod.at("/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
        assertThat(pod.path(shared).asBoolean()).isFalse();
      }
      for (JsonNode container : containers(pod)) {
        JsonNode context = container.path("securityContext");
        assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
        assertThat(context.path("privileged").asBoolean()).isFalse();
        assertThat(container.at("/env").toString()).doesNotContain("PASSWORD\",\"value");
      }
    }
    JsonNode labels = base.one("Namespace", "rowlock").json().at("/metadata/labels");
    assertThat(labels.path("pod-security.kubernetes.io/enforce").asText()).isEqualTo("restricted");
  }

  /** .dockerignore excludes all files that it does not name. */
  @ParameterizedTest
  @ValueSource(strings = {"keycloak/Dockerfile", "service.Dockerfile", "setup.Dockerfile"})
  void copiedFiles_areInTheBuildContext(String file) throws Exception {
    List<String> admitted =
        Files.readAllLines(Manifests.ROOT.resolve(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> copied =
        Files.readAllLines(Manifests.ROOT.resolve("deployment").resolve(file)).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .map(line -> line.replaceFirst("^COPY (--\\S+ )*", "").split(" ")[0])
            .toList();
    assertThat(copied).isNotEmpty();
    for (String source : copied) {
      // each service has its image from the same file
      for (String service : List.of("task-api", "task-web")) {
        assertThat(admitted).contains(source.replace("${SERVICE}", service));
      }
    }
  }

  /** Returns the pods, including the operator's, whose settings come from the Keycloak resource. */
  private List<JsonNode> pods() {
    List<JsonNode> pods = new ArrayList<>();
    for (Manifest deployment : base.kind("Deployment")) {
      pods.add(deployment.spec().at("/template/spec"));
    }
    Manifest keycloak = base.kind("Keycloak").getFirst();
    ObjectNode pod = keycloak.spec().at("/unsupported/podTemplate/spec").deepCopy();
    pod.set("automountServiceAccountToken", keycloak.spec().path("automountServiceAccountToken"));
    pods.add(pod);
    assertThat(pods).hasSize(3);
    return pods;
  }

  private static List<JsonNode> containers(JsonNode pod) {
    List<JsonNode> containers = new ArrayList<>();
    pod.path("containers").forEach(containers::add);
    pod.path("initContainers").forEach(containers::add);
    assertThat(containers).isNotEmpty();
    return containers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"task-api", "task-web"})
  void probes_useTheManagementPort(String name) {
    JsonNode container = container(name);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode get = container.path(probe).path("httpGet");
      assertThat(get.path("port").asText()).as(probe).isEqualTo("management");
      assertThat(get.path("scheme").asText()).as(probe).isEqualTo("HTTPS");
      assertThat(get.path("path").asText())
          .isEqualTo(
              "/actuator/health/" + (probe.equals("readinessProbe") ? "readiness" : "liveness"));
    }
    JsonNode startup = container.path("startupProbe");
    assertThat(startup.path("periodSeconds").asInt() * startup.path("failureThreshold").asInt())
        .as("a slow node may take two minutes")
        .isGreaterThanOrEqualTo(120);
    assertThat(container.at("/resources/limits/memory").asText())
        .isEqualTo(container.at("/resources/requests/memory").asText())
        .isNotEmpty();
    assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
  }

  /** The ports are the default values of the service. */
  @ParameterizedTest
  @ValueSource(strings = {"task-api", "task-web"})
  void ports_areTheDefaultsOfTheService(String name) throws Exception {
    String settings = application(name);
    for (JsonNode port : container(name).path("ports")) {
      String variable =
          port.path("name").asText().equals("https") ? "server:\n  port: $" : "server.port: $";
      assertThat(settings.substring(settings.indexOf(variable)))
          .containsPattern("^[^}]*:" + port.path("containerPort").asInt() + "\\}");
    }
    assertThat(container(name).path("ports")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"task-api", "task-web"})
  void terminationGracePeriod_coversTheShutdown(String name) throws Exception {
    Manifest deployment = base.one("Deployment", name);
    String settings = application(name);
    String key = "timeout-per-shutdown-phase: ";
    int from = settings.indexOf(key) + key.length();
    int phase = Integer.parseInt(settings.substring(from, settings.indexOf('s', from)));
    int before = container(name).at("/lifecycle/preStop/sleep/seconds").asInt();
    assertThat(before).isPositive();
    assertThat(deployment.spec().at("/template/spec/terminationGracePeriodSeconds").asInt())
        .isGreaterThan(before + phase);
    JsonNode rolling = deployment.spec().at("/strategy/rollingUpdate");
    assertThat(rolling.path("maxUnavailable").asInt(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"task-api", "task-web"})
  void labelsAndUsers_match(String name) {
    Manifest deployment = base.one("Deployment", name);
    Map<String, String> labels = deployment.podLabels();
    assertThat(labels)
        .containsAllEntriesOf(Manifests.map(deployment.spec().at("/selector/matchLabels")));
    JsonNode pod = deployment.spec().at("/template/spec");
    assertThat(pod.path("topologySpreadConstraints")).hasSize(2);
    pod.path("topologySpreadConstraints")
        .forEach(
            constraint ->
                assertThat(labels)
                    .containsAllEntriesOf(
                        Manifests.map(constraint.at("/labelSelector/matchLabels"))));
    String service = name.replace("task-", "");
    int user =
        Manifests.read(Manifests.ROOT.resolve("docker-compose.yml"))
            .getFirst()
            .at("/services/" + service + "/build/args/USER")
            .asInt();
    assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(user);
    assertThat(pod.at("/securityContext/fsGroup").asInt()).isEqualTo(user);
    pod.path("volumes")
        .forEach(
            volume -> {
              if (volume.has("secret")) {
                assertThat(volume.at("/secret/defaultMode").asInt()).isEqualTo(0440);
              }
            });
  }

  private JsonNode container(String name) {
    JsonNode containers = base.one("Deployment", name).spec().at("/template/spec/containers");
    assertThat(containers).hasSize(1);
    return containers.get(0);
  }

  /** Returns the settings file of the service; those of task-api are the defaults of its engine. */
  private static String application(String service) throws IOException {
    return Files.readString(
        Manifests.ROOT.resolve(
            service.equals("task-api")
                ? "resource-server/src/main/resources/rowlock-defaults.yaml"
                : service + "/src/main/resources/application.yaml"));
  }
}
