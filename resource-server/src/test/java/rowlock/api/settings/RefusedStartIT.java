/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.test.TestDatabase;
import rowlock.probe.ProbeApplication;

/** The message for a missing setting. */
@ExtendWith(OutputCaptureExtension.class)
class RefusedStartIT {
  @Test
  void withoutAnIssuerTheStartEndsWithOneReadableMessage(CapturedOutput output) {
    assertThatThrownBy(() -> start()).hasStackTraceContaining("ROWLOCK_ISSUER");
    assertThat(output)
        .contains("ROWLOCK_ISSUER is missing")
        .contains("Set the environment variable ROWLOCK_ISSUER and start again.")
        .doesNotContain("\tat ");
  }

  @Test
  void withoutDatabase_startFailsWithMessage(CapturedOutput output) {
    assertThatThrownBy(() -> start("--rowlock.issuer=http://localhost:1/realms/x"))
        .hasStackTraceContaining("ROWLOCK_DB_URL");
    assertThat(output).contains("ROWLOCK_DB_URL is missing").doesNotContain("\tat ");
  }

  @Test
  void invalidPort_isReportedByItsVariable(CapturedOutput output) {
    assertThatThrownBy(
            () -> start("--rowlock.issuer=http://localhost:1/realms/x", "--rowlock.api.port=x"))
        .hasStackTraceContaining("ROWLOCK_API_PORT");
    assertThat(output).contains("ROWLOCK_API_PORT must be").doesNotContain("\tat ");
  }

  @Test
  void metricsOnThePublicPortAreRefused(CapturedOutput output) {
    assertThatThrownBy(() -> start("--rowlock.api.management.port=8081"))
        .hasStackTraceContaining("ROWLOCK_API_MANAGEMENT_PORT");
    assertThat(output).contains("ROWLOCK_API_MANAGEMENT_PORT is the same as ROWLOCK_API_PORT");
  }

  @Test
  void takenPort_isReportedByItsVariable(CapturedOutput output) throws IOException {
    List<String> settings = new ArrayList<>();
    TestDatabase.create()
        .settings()
        .forEach((name, value) -> settings.add("--" + name + "=" + value));
    settings.add("--rowlock.issuer=http://localhost:1/realms/x");
    settings.add("--rowlock.api.management.port=0");
    try (var taken = new ServerSocket(0)) {
      var port = taken.getLocalPort();
      settings.add("--rowlock.api.port=" + port);
      assertThatThrownBy(() -> start(settings.toArray(String[]::new)))
          .isInstanceOf(Exception.class);
      assertThat(output)
          .contains("The port " + port + " is taken")
          .contains("ROWLOCK_API_PORT")
          .doesNotContain("\tat ");
    }
  }

  private static void start(String... settings) {
    SpringApplication.run(ProbeApplication.class, settings).close();
  }
}
