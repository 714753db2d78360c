/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.realm.command.Main;

/** Checks the job that compares the realm with its source. */
class RealmVerifyTest {
  private final Manifests component = Manifests.realmVerify();
  private final Manifests.Manifest job = component.one("CronJob", "realm-verify");

  @Test
  void arguments_areAVerifyCommand() {
    List<String> arguments = new ArrayList<>();
    job.spec()
        .at("/jobTemplate/spec/template/spec/containers/0/args")
        .forEach(argument -> arguments.add(argument.asText()));
    assertThat(arguments).startsWith("realm", "verify");
    arguments.removeFirst();
    arguments.add("--help");
    var out = new StringWriter();
    var err = new StringWriter();

    var code =
        Main.run(
            arguments.toArray(String[]::new),
            Map.of(),
            new PrintWriter(out, true),
            new PrintWriter(err, true));

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("Usage: realm verify");
  }

  @Test
  void files_areMounted() {
    var pod = job.spec().at("/jobTemplate/spec/template/spec");
    var mounts =
        Manifests.stream(pod.at("/containers/0/volumeMounts"))
            .map(mount -> mount.path("mountPath").asText())
            .toList();
    Manifests.stream(pod.at("/containers/0/args"))
        .map(argument -> argument.asText())
        .filter(argument -> argument.contains("=/run/"))
        .forEach(
            argument ->
                assertThat(mounts)
                    .anyMatch(
                        mount ->
                            argument.substring(argument.indexOf('=') + 1).startsWith(mount + "/")));
    assertThat(Manifests.stream(pod.path("volumes")).map(volume -> volume.path("name").asText()))
        .containsExactlyElementsOf(
            Manifests.stream(pod.at("/containers/0/volumeMounts"))
                .map(mount -> mount.path("name").asText())
                .toList());
  }

  @Test
  void network_theJobReachesKeycloakOnly() {
    var own = component.one("NetworkPolicy", "realm-verify").spec();
    var keycloak = Manifests.base().kind("Keycloak").getFirst().podLabels();

    assertThat(Manifests.map(own.at("/podSelector/matchLabels")))
        .isEqualTo(Manifests.map(job.spec().at("/jobTemplate/spec/template/metadata/labels")));
    assertThat(own.path("egress")).hasSize(1);
    assertThat(keycloak)
        .containsAllEntriesOf(Manifests.map(own.at("/egress/0/to/0/podSelector/matchLabels")));
    assertThat(own.path("ingress").isMissingNode()).isTrue();
    assertThat(
            Manifests.map(
                component
                    .one("NetworkPolicy", "keycloak-for-realm-verify")
                    .spec()
                    .at("/ingress/0/from/0/podSelector/matchLabels")))
        .isEqualTo(Manifests.map(own.at("/podSelector/matchLabels")));
  }
}
