/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Checks the dependencies of the stack. All other modules use it, so it depends on none of them.
 */
@AnalyzeClasses(packages = "rowlock.local", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knowsNoOtherModule =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("rowlock..").and(not(resideInAPackage("rowlock.local.."))));

  @ArchTest
  static final ArchRule knowsNoFramework =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "org.keycloak..", "io.zonky..", "org.junit..");

  @ArchTest static final ArchRule systemKnowsNoOtherPackage = knowsOnly("rowlock.local.system");

  @ArchTest
  static final ArchRule cacheKnowsSystem = knowsOnly("rowlock.local.cache", "rowlock.local.system");

  @ArchTest
  static final ArchRule postgresKnowsNoKeycloak =
      knowsOnly("rowlock.local.postgres", "rowlock.local.cache", "rowlock.local.system");

  @ArchTest
  static final ArchRule keycloakKnowsThoseBelow =
      knowsOnly(
          "rowlock.local.keycloak",
          "rowlock.local.postgres",
          "rowlock.local.cache",
          "rowlock.local.system");

  @ArchTest static final ArchRule mailKnowsNoOtherPackage = knowsOnly("rowlock.local.mail");

  @ArchTest
  static final ArchRule loginKnowsMail = knowsOnly("rowlock.local.login", "rowlock.local.mail");

  @ArchTest
  static final ArchRule theStackKnowsNoTests =
      noClasses()
          .that()
          .resideInAPackage("rowlock.local")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("rowlock.local.testing", "rowlock.local.login");

  @ArchTest
  static final ArchRule testServersKnowNoStack =
      noClasses()
          .that()
          .resideInAPackage("rowlock.local.testing")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("rowlock.local", "rowlock.local.login");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("rowlock.(**)").should().beFreeOfCycles();

  private static ArchRule knowsOnly(String subject, String... known) {
    return noClasses()
        .that()
        .resideInAPackage(subject)
        .should()
        .dependOnClassesThat(
            resideInAPackage("rowlock..")
                .and(not(resideInAPackage(subject)))
                .and(not(resideInAnyPackage(known))));
  }
}
