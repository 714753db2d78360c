/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class ConsoleReportTest {
  @TempDir private Path repository;

  private static Path log = Path.of("");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(repository.resolve(".mvn"));
    Files.createDirectories(repository.resolve("docs"));
    Files.writeString(
        repository.resolve("docs/claims.md"),
        """
        | Claim | Test |
        | --- | --- |
        | Doors are closed at night | `OtherTest`, `ConsoleReportTest$Failing` |
        | Windows too | `OtherTest` |
        """);
    log = Files.createDirectories(repository.resolve("servers/keycloak-1")).resolve("keycloak.log");
    Files.writeString(log, "started\n");
  }

  @Test
  void aClassIsOneLine() {
    run(Passing.class, true);

    assertThat(printed().lines())
        .singleElement()
        .asString()
        .matches(" +\\d+\\.\\d s  .*Passing  2 passed, 1 skipped");
  }

  @Test
  void failure_isPrintedWithClaimCauseAndServerLog() {
    run(Failing.class, true);

    assertThat(printed())
        .contains("FAILED rowlock.report.ConsoleReportTest$Failing: theDoorIsClosed()")
        .contains("  Claim: Doors are closed at night (claims.md)")
        .contains("the door is open")
        .contains("  keycloak-1/keycloak.log during this test:")
        .contains("    a guest opened the door")
        .contains("    2026-11-30T01:40:52Z WARN door {\"event\":\"OPEN\"}\n")
        .doesNotContain("started", "Windows");
    assertThat(printed().lines().toList().getLast()).endsWith("Failing  1 passed, 1 FAILED");
  }

  @Test
  void failedSetup_isAFailure() {
    run(Unprepared.class, true);

    assertThat(printed()).contains("FAILED", "no server").endsWith("0 passed, 1 FAILED\n");
  }

  @Test
  void withoutTheBuildNothingIsPrinted() {
    run(Failing.class, false);

    assertThat(printed()).isEmpty();
  }

  private void run(Class<?> tests, boolean on) {
    var report =
        new ConsoleReport(
            new PrintStream(out, true, UTF_8),
            on,
            Claims.ofRepository(repository.resolve("docs")),
            new ServerLogs(repository.resolve("servers")));
    var configuration =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(configuration)
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            report);
  }

  private String printed() {
    return out.toString(UTF_8);
  }

  // The build does not find it, because it looks for other names.

  static final class Passing {
    @Test
    void one() {}

    @Test
    void none() {
      Assumptions.abort("not on this machine");
    }

    @Nested
    class Inner {
      @Test
      void two() {}
    }
  }

  static final class Failing {
    @Test
    void theDoorIsClosed() throws IOException {
      Files.writeString(
          log,
          """
          a guest opened the door
          {"timestamp":"2026-11-30T01:40:52Z","sequence":1,"loggerName":"door","level":"WARN","message":"{\\"event\\":\\"OPEN\\"}","threadName":"one"}
          """,
          StandardOpenOption.APPEND);
      Assertions.fail("the door is open");
    }

    @Test
    void thereIsADoor() {}
  }

  static final class Unprepared {
    @BeforeAll
    static void start() {
      Assertions.fail("no server");
    }

    @Test
    void neverReached() {}
  }
}
