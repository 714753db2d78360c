/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import rowlock.local.cache.Distribution;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;

class BackendTest {
  @Test
  void backend_default_isProcesses() {
    assertThat(Backend.of(Backend.PROCESSES, BackendTest::none)).isInstanceOf(ProcessBackend.class);
  }

  @Test
  void backend_unknown_isRefusedWithTheValidNames() {
    assertThatThrownBy(() -> Backend.of("podman", BackendTest::none))
        .isInstanceOf(StackFailure.class)
        .hasMessage("rowlock.backend is 'podman': set it to processes or testcontainers.");
  }

  /** The default image of the library is an older server. */
  @Test
  void containers_haveTheVersionsOfProcessesAndDeployment() throws IOException {
    var versions = Distribution.load();

    assertThat(KeycloakInContainer.image()).endsWith(":" + versions.keycloakVersion());
    assertThat(Files.readString(Path.of("../deployment/keycloak/Dockerfile")))
        .contains(KeycloakInContainer.image());
    assertThat(versions.postgresVersion())
        .startsWith(PostgresInContainer.image().getVersionPart() + ".");
    assertThat(PostgresInContainer.image().asCanonicalNameString()).startsWith("postgres:18.");
  }

  private static ServerDirectories none(String kind) {
    throw new AssertionError("no server is started");
  }
}
