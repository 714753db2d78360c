/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
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

/** Directions of dependencies, and access to the database, the clock and the servlet session. */
@AnalyzeClasses(packages = "rowlock.web", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule layersAreRespected =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("settings")
          .definedBy("rowlock.web.settings..")
          .layer("problem")
          .definedBy("rowlock.web.problem..")
          .layer("audit")
          .definedBy("rowlock.web.audit..")
          .layer("seal")
          .definedBy("rowlock.web.seal..")
          .layer("issuer")
          .definedBy("rowlock.web.issuer..")
          .layer("session")
          .definedBy("rowlock.web.session..")
          .layer("login")
          .definedBy("rowlock.web.login..")
          .layer("logout")
          .definedBy("rowlock.web.logout..")
          .layer("relay")
          .definedBy("rowlock.web.relay..")
          .layer("page")
          .definedBy("rowlock.web.page..")
          .whereLayer("login")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("logout")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("relay")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("page")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("session")
          .mayOnlyBeAccessedByLayers("login", "logout", "relay")
          .whereLayer("issuer")
          .mayOnlyBeAccessedByLayers("session", "login", "logout", "relay")
          .whereLayer("audit")
          .mayOnlyAccessLayers("settings")
          .whereLayer("settings")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule noCycles = slices().matching("rowlock.web.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlySessionPackageUsesTheDatabase =
      noClasses()
          .that(not(resideInAPackage("rowlock.web.session..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.springframework.jdbc..",
              "org.postgresql..",
              "com.zaxxer.hikari..",
              "org.flywaydb..");

  @ArchTest
  static final ArchRule httpSessionIsNotUsed =
      noClasses().should().dependOnClassesThat().haveSimpleName("HttpSession");

  @ArchTest
  static final ArchRule javaDeserializationIsNotUsed =
      noClasses().should().dependOnClassesThat().haveSimpleName("ObjectInputStream");

  @ArchTest
  static final ArchRule fieldsAreNotInjected =
      noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);

  @ArchTest
  static final ArchRule onlyTheClockBeanReadsTheTime =
      noClasses()
          .that(not(simpleName("SettingsConfiguration")))
          .should()
          .callMethod(java.time.Clock.class, "systemUTC")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule configurationsArePackagePrivate =
      classes()
          .that()
          .areAnnotatedWith(org.springframework.context.annotation.Configuration.class)
          .should()
          .bePackagePrivate();
}
