/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that only reviewed licences ship, and that their terms are met. */
class LicencesIT {
  /**
   * SPDX identifiers. A component with several licences needs one of them, because its recipient
   * may choose.
   */
  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0",
          "MIT",
          // MIT without the duty to repeat it
          "MIT-0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          // weak copyleft that covers the library's own files; we ship them unchanged
          "EPL-2.0");

  /** Names in the bill without an SPDX identifier, with the licence they stand for. */
  private static final Map<String, String> NAMES = Map.of("Bouncy Castle Licence", "MIT");

  /** Exact coordinates with version, and the reason why their licence may ship nevertheless. */
  private static final Map<String, String> EXCEPTIONS = Map.of();

  private static final Pattern TEXT =
      Pattern.compile("(.*/)?(licen[cs]e|copying)[^/]*", Pattern.CASE_INSENSITIVE);

  static List<ShippedJar> all() {
    return ShippedJar.all();
  }

  static List<ShippedJar> programs() {
    return ShippedJar.programs();
  }

  @Test
  void shippedLicences_areAllowed() {
    assertThat(ShippedJar.parts())
        .hasSizeGreaterThan(50)
        .filteredOn(part -> !isAllowed(part))
        .as("parts whose licence is not on the list in %s", LicencesIT.class.getSimpleName())
        .isEmpty();
  }

  @Test
  void exceptions_areAllUsed() {
    assertThat(ShippedJar.parts().stream().map(part -> part.coordinates() + ":" + part.version()))
        .containsAll(EXCEPTIONS.keySet());
  }

  @ParameterizedTest
  @MethodSource("all")
  void artifacts_containLicenceAndNotices(ShippedJar shipped) {
    assertThat(shipped.text("META-INF/LICENSE")).contains("Apache License", "Version 2.0");
    assertThat(shipped.text("META-INF/NOTICE")).contains("Rowlock").doesNotContain("${");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void librariesWithoutLicenceText_areInTheNotices(ShippedJar program) {
    Map<String, Component> parts =
        program.components().stream().collect(toMap(Component::sha256, Function.identity()));
    var notices = program.text("META-INF/NOTICE");
    assertThat(program.libraries().values())
        .filteredOn(
            library -> library.entries().stream().noneMatch(name -> TEXT.matcher(name).matches()))
        .extracting(library -> parts.get(library.sha256()))
        // the text of this licence is our own META-INF/LICENSE
        .filteredOn(part -> !part.licences().equals(Set.of("Apache-2.0")))
        .allSatisfy(part -> assertThat(notices).contains(part.coordinates()));
  }

  @Test
  void extensionNotices_nameTheSourcesOfItsLists() {
    var notices = ShippedJar.extension().text("META-INF/NOTICE");
    assertThat(ShippedJar.extension().components())
        .allSatisfy(
            part -> assertThat(notices).contains(part.coordinates() + ":" + part.version()));
  }

  private static boolean isAllowed(Component part) {
    return EXCEPTIONS.containsKey(part.coordinates() + ":" + part.version())
        || part.licences().stream()
            .map(licence -> NAMES.getOrDefault(licence, licence))
            .anyMatch(ALLOWED::contains);
  }
}
