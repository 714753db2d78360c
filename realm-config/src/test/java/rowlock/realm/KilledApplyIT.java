/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.realm.command.Main;

/**
 * Kills the process of an apply at a random moment. The next apply reaches the same state. Another
 * seed: {@code -Drowlock.fuzz.seed=7}.
 */
@Tag("thorough")
class KilledApplyIT {
  private static final int RUNS = 8;
  private static final int MAX_STEPS = 6;
  private static final int MAX_MILLIS = 1000;

  @TempDir private static Path folder;
  private static TestRealm realm;

  static LongStream seeds() {
    var seed = Long.getLong("rowlock.fuzz.seed", 1);
    return LongStream.range(seed, seed + RUNS);
  }

  @BeforeAll
  static void create() {
    realm = TestRealm.create("killed-it", folder);
    realm.run("apply", "--yes");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void apply_killedAtRandomMoment_nextReachesTheSameState(long seed)
      throws IOException, InterruptedException {
    FlowChanges.changeAll(realm);
    realm.write("more.yaml", "displayName: Killed\nroles: {realm: [{name: more}]}\n");
    realm.edit("login.yaml", text -> text.replace("displayName: Rowlock\n", "# no name\n"));
    var process = start();

    var output = waitForRandomMoment(process, new Random(seed));
    var killed = process.isAlive();
    process.destroyForcibly().waitFor();
    assertThat(output).contains("done: create role more");
    var again = realm.run("apply", "--yes");

    assertThat(again.code()).as("killed: " + killed + " after\n" + output + again.all()).isZero();
    assertThat(realm.run("plan").all()).isEqualTo("Realm killed-it: no changes.\n");
    assertThat(realm.get("/authentication/flows").findValuesAsString("alias"))
        .noneMatch(alias -> alias.contains("~"))
        .doesNotHaveDuplicates();
    assertThat(realm.get("/roles").findValuesAsString("name"))
        .contains("more")
        .doesNotContain("rowlock.realm-config.lock");
    revert();
  }

  /** A moment is the completion of any step, and up to a second more. */
  private static String waitForRandomMoment(Process process, Random random) throws IOException {
    var steps = 1 + random.nextInt(MAX_STEPS);
    var output = new StringBuilder();
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        if (line.contains("done: ") && --steps == 0) {
          break;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MAX_MILLIS)));
    }
    return output.toString();
  }

  private static void revert() {
    FlowChanges.revertAll(realm);
    realm.remove("more.yaml");
    realm.edit("login.yaml", text -> text.replace("# no name\n", "displayName: Rowlock\n"));
    assertThat(realm.run("apply", "--yes", "--prune").code()).isZero();
  }

  private static Process start() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes() + File.pathSeparator + System.getProperty("java.class.path"),
            "rowlock.realm.command.Main",
            "apply",
            "--yes",
            "--source",
            realm.source().toString(),
            "--server",
            RealmServer.keycloak().url().toString());
    builder.environment().putAll(RealmServer.VALUES);
    builder.environment().put("ROWLOCK_REALM_CLIENT_SECRET", TestRealm.SECRET);
    return builder.redirectErrorStream(true).start();
  }

  private static String classes() {
    return Path.of(
            URI.create(Main.class.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
