/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that the bill of materials of each shipped artifact is complete and contains nothing else.
 */
class BillOfMaterialsIT {
  /** Unpacked at the root of the program, where it loads the libraries. */
  private static final String LOADER = "org.springframework.boot:spring-boot-loader";

  static List<ShippedJar> programs() {
    return ShippedJar.programs();
  }

  static List<ShippedJar> all() {
    return ShippedJar.all();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void libraries_areInTheBillWithTheirHash(ShippedJar program) {
    assertThat(program.libraries()).hasSizeGreaterThan(5);
    var billed = byHash(program).keySet();
    assertThat(program.libraries().values())
        .filteredOn(library -> !billed.contains(library.sha256()))
        .extracting(ShippedJar.Library::name)
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void billEntries_areInTheProgram(ShippedJar program) {
    var inside = program.libraries().keySet();
    assertThat(program.components())
        .filteredOn(part -> !inside.contains(part.sha256()))
        // starters are lists of other libraries and have no content to ship
        .filteredOn(
            part -> !part.coordinates().startsWith("org.springframework.boot:spring-boot-starter"))
        .allMatch(Component::optional)
        .extracting(Component::coordinates)
        .containsExactly(LOADER);
    assertThat(program.entries())
        .contains("org/springframework/boot/loader/launch/JarLauncher.class");
  }

  @Test
  void extension_namesTheSourcesOfItsLists() {
    assertThat(ShippedJar.extension().entries()).noneMatch(name -> name.endsWith(".jar"));
    assertThat(ShippedJar.extension().components())
        .extracting(Component::coordinates)
        .containsExactlyInAnyOrder("me.gosimple:nbvcxz", "com.zliio.disposable:disposable");
  }

  @ParameterizedTest
  @MethodSource("all")
  void components_haveUrlVersionLicenceAndHash(ShippedJar shipped) {
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
  void bill_isCycloneDxAndReproducible(ShippedJar shipped) {
    assertThat(shipped.bill().path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(shipped.bill().path("specVersion").asText()).isEqualTo("1.6");
    assertThat(shipped.bill().path("metadata").path("component").path("group").asText())
        .isEqualTo("rowlock");
    assertThat(shipped.bill().path("metadata").has("timestamp")).isFalse();
  }

  @Test
  void browserScript_isInTheBill() {
    assertThat(ShippedJar.programs().get(1).components())
        .extracting(Component::purl)
        .anyMatch(purl -> purl.startsWith("pkg:maven/org.webjars.npm/lit-html@"));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void manifest_namesTheBill(ShippedJar program) throws IOException {
    try (var jar = new JarFile(program.jar().toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Sbom-Format")).isEqualTo("CycloneDX");
      assertThat(attributes.getValue("Sbom-Location")).isEqualTo(ShippedJar.BILL);
    }
  }

  private static Map<String, Component> byHash(ShippedJar shipped) {
    return shipped.components().stream().collect(toMap(Component::sha256, Function.identity()));
  }
}
