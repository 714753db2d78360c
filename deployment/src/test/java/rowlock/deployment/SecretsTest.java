/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  @TempDir Path folder;

  @Test
  void secrets_areGeneratedOnceAndKept() throws IOException {
    assertThat(secrets(folder).makeMissing()).isEqualTo(12);
    var made = all();
    assertThat(secrets(folder).makeMissing()).isZero();
    assertThat(all()).isEqualTo(made);
  }

  @Test
  void secrets_differBetweenDeployments() throws IOException {
    secrets(folder.resolve("a")).makeMissing();
    secrets(folder.resolve("b")).makeMissing();
    Set<String> here = Set.copyOf(all(folder.resolve("a")).values());
    assertThat(all(folder.resolve("b")).values()).doesNotContainAnyElementsOf(here);
  }

  @Test
  void sharedSecrets_areEqual_othersDiffer() throws IOException {
    secrets(folder).makeMissing();
    assertThat(read("keycloak/db-password")).isEqualTo(read("db/keycloak"));
    assertThat(read("api/settings/rowlock.db.migration.password"))
        .isEqualTo(read("db/tasks_owner"));
    assertThat(read("web/settings/rowlock.web.db.migration.password"))
        .isEqualTo(read("db/sessions_owner"));
    assertThat(Set.copyOf(all().values())).hasSize(12);
  }

  @Test
  void existingSecret_isKeptAndCopiedToTheOtherServer() throws IOException {
    Files.createDirectories(folder.resolve("keycloak"));
    Files.writeString(folder.resolve("keycloak/db-password"), "the operator's own");
    secrets(folder).makeMissing();
    assertThat(read("keycloak/db-password")).isEqualTo("the operator's own");
    assertThat(read("db/keycloak")).isEqualTo("the operator's own");
  }

  @Test
  void secrets_areReadableByTheirOwnerOnly() throws IOException {
    secrets(folder).makeMissing();
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(file -> !file.equals(folder)))
          .allSatisfy(
              file ->
                  assertThat(Files.getPosixFilePermissions(file))
                      .doesNotContain(
                          PosixFilePermission.GROUP_READ,
                          PosixFilePermission.GROUP_WRITE,
                          PosixFilePermission.GROUP_EXECUTE,
                          PosixFilePermission.OTHERS_READ,
                          PosixFilePermission.OTHERS_WRITE,
                          PosixFilePermission.OTHERS_EXECUTE));
    }
  }

  @Test
  void secrets_areStrong() throws Exception {
    secrets(folder).makeMissing();
    assertThat(read("db/superuser")).hasSize(32);
    assertThat(Base64.getDecoder().decode(read("web/session-key"))).hasSize(32);
    var pem = read("api/client-key.pem").replaceAll("-----[A-Z ]+-----|\\s", "");
    var key =
        (RSAPrivateKey)
            KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    assertThat(key.getModulus().bitLength()).isEqualTo(3072);
  }

  private static Secrets secrets(Path root) {
    return new Secrets(new SecretFiles(root));
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private Map<Path, String> all() throws IOException {
    return all(folder);
  }

  private static Map<Path, String> all(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .collect(Collectors.toMap(root::relativize, SecretsTest::content));
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
