/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bill of materials of each artifact that ships says what is in it: all of it, and no more. */
class BillOfMaterialsIT {

  /** Unpacked at the program's root, so that it can start the libraries. */
  private static final String LOADER = "org.springframework.boot:spring-boot-loader";

  static List<Shipped> programs() {
    return Shipped.programs();
  }

  static List<Shipped> all() {
    return Shipped.all();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyLibraryInTheProgramIsInItsBillByItsHash(Shipped program) {
    assertThat(program.libraries()).hasSizeGreaterThan(5);
    Set<String> billed = byHash(program).keySet();
    assertThat(program.libraries().values())
        .filteredOn(library -> !billed.contains(library.sha256()))
        .extracting(Shipped.Library::name)
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void nothingIsInTheBillThatIsNotInTheProgram(Shipped program) {
    Set<String> inside = program.libraries().keySet();
    assertThat(program.components())
        .filteredOn(part -> !inside.contains(part.sha256()))
        // starters are lists of other libraries: there is nothing of them to ship
        .filteredOn(
            part -> !part.coordinates().startsWith("org.springframework.boot:spring-boot-starter"))
        .allMatch(Component::optional)
        .extracting(Component::coordinates)
        .containsExactly(LOADER);
    assertThat(program.entries())
        .contains("org/springframework/boot/loader/launch/JarLauncher.class");
  }

  @Test
  void theExtensionHasNoLibrariesButNamesWhatItsListsAreMadeOf() {
    assertThat(Shipped.extension().entries()).noneMatch(name -> name.endsWith(".jar"));
    assertThat(Shipped.extension().components())
        .extracting(Component::coordinates)
        .containsExactlyInAnyOrder("me.gosimple:nbvcxz", "com.zliio.disposable:disposable");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyPartHasAnAddressAVersionALicenceAndAHash(Shipped shipped) {
    assertThat(shipped.components())
        .isNotEmpty()
        .allSatisfy(
            part -> {
              assertThat(part.purl()).startsWith("pkg:maven/").contains("@" + part.version());
              assertThat(part.version()).isNotBlank();
              assertThat(part.licences()).isNotEmpty().allMatch(licence -> !licence.isBlank());
              assertThat(part.sha256()).matches("[0-9a-f]{64}");
            });
  }

  @ParameterizedTest
  @MethodSource("all")
  void theBillIsCycloneDxOfThisVersionAndTheSameForTheSameInput(Shipped shipped) {
    assertThat(shipped.bill().path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(shipped.bill().path("specVersion").asText()).isEqualTo("1.6");
    assertThat(shipped.bill().path("metadata").path("component").path("group").asText())
        .isEqualTo("rowlock");
    assertThat(shipped.bill().path("metadata").has("timestamp")).isFalse();
  }

  @Test
  void theBrowsersScriptIsInTheBillOfItsProgram() {
    assertThat(Shipped.programs().get(1).components())
        .extracting(Component::purl)
        .anyMatch(purl -> purl.startsWith("pkg:maven/org.webjars.npm/lit-html@"));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void toolsFindTheBillByTheManifest(Shipped program) throws IOException {
    try (JarFile jar = new JarFile(program.jar().toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Sbom-Format")).isEqualTo("CycloneDX");
      assertThat(attributes.getValue("Sbom-Location")).isEqualTo(Shipped.BILL);
    }
  }

  private static Map<String, Component> byHash(Shipped shipped) {
    return shipped.components().stream().collect(toMap(Component::sha256, Function.identity()));
  }
}
