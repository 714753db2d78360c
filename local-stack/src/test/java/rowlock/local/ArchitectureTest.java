/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The stack serves every other module, so it may know none of them. */
@AnalyzeClasses(packages = "rowlock.local", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule knowsNoOtherModule =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("rowlock.api..", "rowlock.realm..", "rowlock.keycloak..");

  @ArchTest
  static final ArchRule knowsNoFramework =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "org.keycloak..", "io.zonky..", "org.junit..");

  @ArchTest
  static final ArchRule loginKnowsNothingOfServers =
      noClasses()
          .that()
          .resideInAPackage("rowlock.local.login")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("rowlock.local");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("rowlock.(**)").should().beFreeOfCycles();
}
