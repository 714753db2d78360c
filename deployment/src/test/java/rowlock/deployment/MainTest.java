/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "ROWLOCK_WEB_URL", "https://tasks.example",
          "ROWLOCK_WEB_BACKCHANNEL_URL", "http://web:8000",
          "ROWLOCK_API_URL", "http://api:8081",
          "ROWLOCK_HTTP_ALLOWED", "true");

  @TempDir Path folder;

  @Test
  void run_writesSecretsAndRealm() {
    assertThat(run(ADDRESSES)).isZero();
    assertThat(folder.resolve("secrets/keycloak/admin-password")).isNotEmptyFile();
    assertThat(folder.resolve("realm/rowlock-realm.json"))
        .content()
        .contains("http://web:8000/.well-known/jwks.json", "http://api:8081/events")
        .contains("\"rowlock.events.push.allow-http\" : \"true\"");
  }

  @Test
  void run_withoutAddress_fails() {
    assertThat(run(Map.of())).isEqualTo(1);
    assertThat(folder.resolve("realm/rowlock-realm.json")).doesNotExist();
  }

  @Test
  void run_withoutFolder_printsUsage() {
    assertThat(Main.run(new String[0], ADDRESSES)).isEqualTo(2);
  }

  @Test
  void operatorFile_isWrittenAndReadableByItsOwnerOnly() throws Exception {
    var file = folder.resolve("import.json");
    assertThat(
            Main.run(
                new String[] {
                  folder.resolve("secrets").toString(),
                  folder.resolve("realm").toString(),
                  file.toString()
                },
                ADDRESSES))
        .isZero();
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(file)
        .content()
        .contains("KeycloakRealmImport", "\"accessTokenLifespan\" : 300")
        .contains("\"oauth2DeviceCodeLifespan\" : \"300\"", "\"grace-seconds\" : 10");
  }

  private int run(Map<String, String> environment) {
    return Main.run(
        new String[] {folder.resolve("secrets").toString(), folder.resolve("realm").toString()},
        environment);
  }
}
