/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.ChildJvm;
import rowlock.local.system.Orphans;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;
import rowlock.local.system.StackPort;

/** Checks that a stack starts, ends, and leaves no process behind when it is killed. */
class LocalStackIT {
  @TempDir private Path state;
  private TestStack stack;

  @BeforeEach
  void prepare() throws IOException {
    stack = new TestStack(state);
  }

  @AfterEach
  void cleanUp() throws IOException {
    stack.close();
  }

  @Test
  void killedLauncher_nextStart_keepsDataAndReportsChangedRealm() throws Exception {
    String keys;
    try (var launcher = stack.launch("1")) {
      launcher.awaitOutput("Ready after");
      assertThat(launcher.output()).doesNotContain("has changed");
      keys = stack.get("/realms/garden/protocol/openid-connect/certs");
      assertThat(stack.realmMaster())
          .contains("\"bruteForceProtected\":true", "\"adminEventsExpiration\":\"7776000\"")
          .contains("\"displayName\":\"Keycloak\"")
          .contains("\"browserFlow\":\"two-steps\"");
      stack.execute("create table kept as select 42 as answer");

      launcher.kill();

      stack.awaitNothingRuns();
    }
    try (var launcher = stack.launch("2")) {
      launcher.awaitOutput("Ready after");
      assertThat(launcher.output()).containsOnlyOnce("The source of the realm garden has changed");
      assertThat(stack.get("/realms/garden/protocol/openid-connect/certs")).isEqualTo(keys);
      assertThat(stack.ask("select answer from kept")).isEqualTo("42");
      assertThat(stack.realmMaster()).contains("\"browserFlow\":\"two-steps\"");
      launcher.terminate();
      assertThat(launcher.awaitExit()).isEqualTo(143);
      assertThat(Orphans.of(state)).isEmpty();
    }
    try (var launcher = stack.launchWithUpdate("2")) {
      launcher.awaitOutput("Ready after");
      assertThat(launcher.output())
          .containsOnlyOnce("Applied the changed source of the realm garden");
      assertThat(stack.ask("select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void whenKilledWhileKeycloakBoots_thenNoProcessIsLeft() throws Exception {
    try (var launcher = stack.launch("1")) {
      launcher.awaitOutput("Starting Keycloak");

      launcher.kill();

      stack.awaitNothingRuns();
    }
  }

  @Test
  void whenMavenIsKilled_thenItsLauncherEndsToo() throws Exception {
    try (var maven =
        ChildJvm.start(
            FakeMaven.class,
            stack.environment(),
            "org.codehaus.plexus.classworlds.launcher.Launcher",
            TestStack.REALM)) {
      maven.awaitOutput("SERVING");

      maven.kill();

      stack.awaitNothingRuns();
      assertThat(StackLock.take(new StateDirectory(state))).satisfies(StackLock::close);
    }
  }

  @Test
  void whenReset_thenTheDatabasesAreEmptyAndTheCacheIsKept() throws Exception {
    try (var launcher = stack.launch("1")) {
      launcher.awaitOutput("SERVING");
      assertThat(state.resolve("postgres")).isNotEmptyDirectory();
    }

    LocalStack.reset(LocalStackSettings.from(stack.environment()));

    assertThat(state.resolve("postgres")).doesNotExist();
    assertThat(state.resolve("cache")).isNotEmptyDirectory();
  }

  @Test
  void whenKeycloakCannotStart_thenOneLineGivesItsReason() throws Exception {
    var broken = Files.writeString(state.resolve("broken.json"), "{ \"realm\": ");

    try (var launcher = stack.launch(broken.toString(), "1")) {
      assertThat(launcher.awaitExit()).isEqualTo(1);
      assertThat(launcher.output().lines().toList().getLast())
          .startsWith("Keycloak stopped while it was starting: \"")
          .contains("keycloak.log");
    }
    assertThat(Orphans.of(state)).isEmpty();
  }

  @Test
  void whenAPortIsTaken_thenItsVariableIsNamedAndNothingStarts() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var settings =
          LocalStackSettings.from(stack.environment())
              .withOtherPorts(
                  List.of(new StackPort("the garden", "GARDEN_PORT", other.getLocalPort())));

      assertThatThrownBy(() -> LocalStack.start(settings, Progress.silent()))
          .isInstanceOf(StackFailure.class)
          .hasMessageContaining("Port " + other.getLocalPort() + " for the garden is taken")
          .hasMessageContaining("set GARDEN_PORT");
      assertThat(state.resolve("postgres")).doesNotExist();
    }
  }
}
