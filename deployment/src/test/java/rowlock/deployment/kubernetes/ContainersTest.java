/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the restrictions, ports and probes of the pods. */
class ContainersTest {
  private final Manifests base = Manifests.base();

  @Test
  void pods_haveNoUnneededPrivileges() {
    for (var pod : pods()) {
      assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
      assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
      assertThat(pod.at("/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      for (var shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
        assertThat(pod.path(shared).asBoolean()).isFalse();
      }
      for (var container : containers(pod)) {
        var context = container.path("securityContext");
        assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
        assertThat(context.path("privileged").asBoolean()).isFalse();
        assertThat(container.at("/env").toString()).doesNotContain("PASSWORD\",\"value");
      }
    }
    var labels = base.one("Namespace", "rowlock").json().at("/metadata/labels");
    assertThat(labels.path("pod-security.kubernetes.io/enforce").asText()).isEqualTo("restricted");
  }

  /** .dockerignore excludes all files that it does not name. */
  @ParameterizedTest
  @ValueSource(strings = {"keycloak/Dockerfile", "service.Dockerfile", "setup.Dockerfile"})
  void copiedFiles_areInTheBuildContext(String file) throws Exception {
    var admitted =
        Files.readAllLines(Manifests.ROOT.resolve(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    var copied =
        Files.readAllLines(Manifests.ROOT.resolve("deployment").resolve(file)).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .map(line -> line.replaceFirst("^COPY (--\\S+ )*", "").split(" ")[0])
            .toList();
    assertThat(copied).isNotEmpty();
    for (var source : copied) {
      // each service has its image from the same file
      for (var service : List.of("task-api", "task-web")) {
        assertThat(admitted).contains(source.replace("${SERVICE}", service));
      }
    }
  }

  /** Returns the pods, including the operator's, whose settings come from the Keycloak resource. */
  private List<JsonNode> pods() {
    List<JsonNode> pods = new ArrayList<>();
    for (var deployment : base.kind("Deployment")) {
      pods.add(deployment.spec().at("/template/spec"));
    }
    var keycloak = base.kind("Keycloak").getFirst();
    ObjectNode pod = keycloak.spec().at("/unsupported/podTemplate/spec").deepCopy();
    pod.set("automountServiceAccountToken", keycloak.spec().path("automountServiceAccountToken"));
    pods.add(pod);
    var verification = Manifests.realmVerify().one("CronJob", "realm-verify");
    pods.add(verification.spec().at("/jobTemplate/spec/template/spec"));
    assertThat(pods).hasSize(4);
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
    var container = container(name);
    for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      var get = container.path(probe).path("httpGet");
      assertThat(get.path("port").asText()).as(probe).isEqualTo("management");
      assertThat(get.path("scheme").asText()).as(probe).isEqualTo("HTTPS");
      assertThat(get.path("path").asText())
          .isEqualTo(
              "/actuator/health/" + (probe.equals("readinessProbe") ? "readiness" : "liveness"));
    }
    var startup = container.path("startupProbe");
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
    var settings = application(name);
    for (var port : container(name).path("ports")) {
      var variable =
          port.path("name").asText().equals("https") ? "server:\n  port: $" : "server.port: $";
      assertThat(settings.substring(settings.indexOf(variable)))
          .containsPattern("^[^}]*:" + port.path("containerPort").asInt() + "\\}");
    }
    assertThat(container(name).path("ports")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"task-api", "task-web"})
  void terminationGracePeriod_coversTheShutdown(String name) throws Exception {
    var deployment = base.one("Deployment", name);
    var settings = application(name);
    var key = "timeout-per-shutdown-phase: ";
    var from = settings.indexOf(key) + key.length();
    var phase = Integer.parseInt(settings.substring(from, settings.indexOf('s', from)));
    var before = container(name).at("/lifecycle/preStop/sleep/seconds").asInt();
    assertThat(before).isPositive();
    assertThat(deployment.spec().at("/template/spec/terminationGracePeriodSeconds").asInt())
        .isGreaterThan(before + phase);
    var rolling = deployment.spec().at("/strategy/rollingUpdate");
    assertThat(rolling.path("maxUnavailable").asInt(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"task-api", "task-web"})
  void labelsAndUsers_match(String name) {
    var deployment = base.one("Deployment", name);
    var labels = deployment.podLabels();
    assertThat(labels)
        .containsAllEntriesOf(Manifests.map(deployment.spec().at("/selector/matchLabels")));
    var pod = deployment.spec().at("/template/spec");
    assertThat(pod.path("topologySpreadConstraints")).hasSize(2);
    pod.path("topologySpreadConstraints")
        .forEach(
            constraint ->
                assertThat(labels)
                    .containsAllEntriesOf(
                        Manifests.map(constraint.at("/labelSelector/matchLabels"))));
    var service = name.replace("task-", "");
    var user =
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
    var containers = base.one("Deployment", name).spec().at("/template/spec/containers");
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
