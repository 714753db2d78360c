/* SPDX-License-Identifier: Apache-2.0 */
package rowlock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Shared packages depend on no service, and on settings first. */
@AnalyzeClasses(packages = "rowlock", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule noServiceIsKnown =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("rowlock.api..", "rowlock.web..");

  @ArchTest
  static final ArchRule directions =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("settings")
          .definedBy("rowlock.settings..")
          .layer("limit")
          .definedBy("rowlock.limit..")
          .layer("problem")
          .definedBy("rowlock.problem..")
          .layer("client")
          .definedBy("rowlock.client..")
          .layer("request")
          .definedBy("rowlock.request..")
          .layer("database")
          .definedBy("rowlock.database..")
          .whereLayer("request")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("database")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("client")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("problem")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("limit")
          .mayOnlyBeAccessedByLayers("problem")
          .whereLayer("settings")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule noCycles = slices().matching("rowlock.(*)..").should().beFreeOfCycles();

  /** Services declare their beans themselves, so no class here is found by component scanning. */
  @ArchTest
  static final ArchRule nothingIsABean =
      classes().should().notBeMetaAnnotatedWith(org.springframework.stereotype.Component.class);

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);

  @ArchTest
  static final ArchRule noClockIsRead =
      noClasses()
          .should()
          .callMethod(java.time.Clock.class, "systemUTC")
          .orShould()
          .callMethod(java.time.Instant.class, "now");
}
