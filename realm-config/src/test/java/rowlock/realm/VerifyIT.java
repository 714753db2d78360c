/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks {@code verify} against a real server. */
class VerifyIT {
  @TempDir private static Path folder;
  private static TestRealm realm;

  @BeforeAll
  static void create() {
    realm = TestRealm.create("verify-it", folder);
  }

  @Test
  void verify_noDrift_writesMetrics() throws IOException {
    var metrics = folder.resolve("realm.prom");

    var output = realm.run("verify", "--metrics-file", metrics.toString());

    assertThat(output.all()).isEqualTo("Realm verify-it: no changes.\n");
    assertThat(output.code()).isZero();
    assertThat(Files.readString(metrics))
        .contains("# TYPE rowlock_realm_verify_success gauge\n")
        .contains("rowlock_realm_verify_success{realm=\"verify-it\"} 1\n")
        .contains("rowlock_realm_drift_objects{realm=\"verify-it\",kind=\"client\"} 0\n")
        .containsPattern("rowlock_realm_verify_timestamp_seconds\\{realm=\"verify-it\"} \\d{10}\n");
  }

  @Test
  void verify_clientChangedInTheConsole_namesWhoAndWhen() throws IOException {
    var metrics = folder.resolve("drift.prom");
    var id = realm.clientId("task-web");
    realm.merge("/clients/" + id, "{\"directAccessGrantsEnabled\":true}");

    var output = realm.run("verify", "--metrics-file", metrics.toString());
    var json = realm.run("verify", "--json").json();

    assertThat(output.code()).isEqualTo(2);
    assertThat(output.out())
        .contains("~ client task-web", "directAccessGrantsEnabled: true -> false")
        .containsPattern("last change \\d{4}-\\d\\d-\\d\\dT\\S+Z by user \\S+ from \\S+: UPDATE")
        .contains("UPDATE clients/" + id);
    assertThat(json.at("/changes/0/lastChange/resource").asString()).isEqualTo("clients/" + id);
    assertThat(Files.readString(metrics))
        .contains("rowlock_realm_drift_objects{realm=\"verify-it\",kind=\"client\"} 1\n");
    realm.run("apply", "--yes");
  }

  @Test
  void verify_objectRemovedInTheConsole_namesTheLastRemoval() {
    var id = realm.clientId("task-cli");
    realm.delete("/clients/" + id);

    assertThat(realm.run("verify").out())
        .contains("+ client task-cli")
        .contains("DELETE clients/" + id);
    realm.run("apply", "--yes");
  }

  @Test
  void verify_failed_metricsSaySo() throws IOException {
    var metrics = folder.resolve("failed.prom");

    var output =
        realm.run(
            Map.of("ROWLOCK_REALM_CLIENT_SECRET", "wrong"),
            "verify",
            "--metrics-file",
            metrics.toString());

    assertThat(output.code()).isEqualTo(1);
    assertThat(Files.readString(metrics))
        .contains("rowlock_realm_verify_success{realm=\"verify-it\"} 0\n")
        .doesNotContain("drift_objects");
  }
}
