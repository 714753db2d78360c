/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.audit.AuditListenerFactory;

class JarTest {
  /** Java 17, the oldest version that the server supports. */
  private static final int NEWEST_CLASS_FILE = 61;

  @Test
  void classes_loadOnOldestSupportedJava() throws IOException {
    assertThat(filesOf(""))
        .filteredOn(file -> file.toString().endsWith(".class"))
        .isNotEmpty()
        .allSatisfy(JarTest::isOldEnough);
  }

  @Test
  void classes_areNotInPackagesOfTheServer() throws IOException {
    assertThat(filesOf(""))
        .filteredOn(file -> file.toString().endsWith(".class"))
        .allMatch(file -> file.toString().contains("rowlock/keycloak/"));
  }

  @Test
  void everyServiceEntryLoads() throws IOException {
    var services = filesOf("META-INF/services");

    assertThat(services).isNotEmpty();
    for (var service : services) {
      var type = loadClass(String.valueOf(service.getFileName()));
      var loaded =
          ServiceLoader.load(type).stream().map(provider -> provider.type().getName()).toList();
      assertThat(loaded).as(service.toString()).containsAll(Files.readAllLines(service));
    }
  }

  @Test
  void version_inConsole_equalsBuildVersion() {
    var factory = new AuditListenerFactory();

    assertThat(factory.getOperationalInfo().get("Version"))
        .matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void notice_namesSourcesAndLicencesOfBundledData() throws IOException {
    var notice = Files.readString(filesOf("META-INF/NOTICE").getFirst());

    assertThat(notice)
        .contains("me.gosimple:nbvcxz:", "com.zliio.disposable:disposable:", "MIT License")
        .doesNotContain("${");
    for (var list : List.of("leaked-passwords.filter", "throw-away-domains.txt")) {
      assertThat(filesOf("rowlock/keycloak/registration/" + list)).hasSize(1);
      assertThat(notice).contains("rowlock/keycloak/registration/" + list);
    }
    assertThat(filesOf("META-INF/LICENSE")).hasSize(1);
  }

  private static void isOldEnough(Path classFile) {
    try (var in = new DataInputStream(Files.newInputStream(classFile))) {
      assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
      in.readUnsignedShort();
      assertThat(in.readUnsignedShort()).isLessThanOrEqualTo(NEWEST_CLASS_FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> loadClass(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name + " is no service of the server", e);
    }
  }

  private static List<Path> filesOf(String folder) throws IOException {
    try {
      var classes =
          Path.of(
              AuditListenerFactory.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI());
      try (var files = Files.walk(classes.resolve(folder))) {
        return files.filter(Files::isRegularFile).toList();
      }
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
