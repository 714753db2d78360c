/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.jwt.Jwt;

/** Dependencies of the engine point one way. */
@AnalyzeClasses(
    packages = "rowlock.api",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestKit.class})
class ArchitectureTest {
  /** Leaves out the test kit, which is main code of its module but never part of a server. */
  static final class NoTestKit implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/rowlock/api/test/");
    }
  }

  @ArchTest
  static final ArchRule directions =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("settings")
          .definedBy("rowlock.api.settings..")
          .layer("web")
          .definedBy("rowlock.api.web..")
          .layer("audit")
          .definedBy("rowlock.api.audit..")
          .layer("token")
          .definedBy("rowlock.api.token..")
          .layer("owner")
          .definedBy("rowlock.api.owner..")
          .layer("scope")
          .definedBy("rowlock.api.scope..")
          .layer("isolation")
          .definedBy("rowlock.api.isolation..")
          .layer("revocation")
          .definedBy("rowlock.api.revocation..")
          .layer("resource")
          .definedBy("rowlock.api.resource..")
          .whereLayer("resource")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("revocation")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("scope")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("isolation")
          .mayOnlyBeAccessedByLayers("revocation")
          .whereLayer("owner")
          .mayOnlyBeAccessedByLayers("isolation", "revocation", "scope")
          .whereLayer("token")
          .mayOnlyBeAccessedByLayers("owner", "revocation", "scope")
          .whereLayer("audit")
          .mayOnlyBeAccessedByLayers("token", "owner", "isolation", "revocation", "scope")
          .whereLayer("web")
          .mayOnlyBeAccessedByLayers("audit", "token", "owner", "isolation", "revocation", "scope")
          .whereLayer("settings")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule noCycles = slices().matching("rowlock.api.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTokenAndOwnerSeeTokens =
      noClasses()
          .that(
              not(
                  resideInAPackage("rowlock.api.token..")
                      .or(resideInAPackage("rowlock.api.owner.."))))
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Jwt.class);

  @ArchTest
  static final ArchRule onlyIsolationAndRevocationTouchTheDatabase =
      noClasses()
          .that(
              not(
                  resideInAPackage("rowlock.api.isolation..")
                      .or(resideInAPackage("rowlock.api.revocation.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.postgresql..");

  @ArchTest
  static final ArchRule onlyIsolationOpensConnections =
      noClasses()
          .that(not(resideInAPackage("rowlock.api.isolation..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.zaxxer.hikari..", "org.flywaydb..");

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);

  @ArchTest
  static final ArchRule thereIsOneClock =
      noClasses()
          .that(not(simpleName("SettingsAutoConfiguration")))
          .should()
          .callMethod(java.time.Clock.class, "systemUTC")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule configurationStaysInsideItsPackage =
      classes()
          .that()
          .areAnnotatedWith(org.springframework.context.annotation.Configuration.class)
          .should()
          .bePackagePrivate();
}
