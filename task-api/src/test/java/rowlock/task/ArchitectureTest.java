/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.Jwt;

/** The domain leaves tokens, connections and revocation to the engine. */
@AnalyzeClasses(packages = "rowlock.task", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule engineHandlesTokensAndRevocation =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Jwt.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("rowlock.api.revocation..");

  @ArchTest
  static final ArchRule engineOpensConnections =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.zaxxer.hikari..", "org.flywaydb..");

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);

  @ArchTest
  static final ArchRule databaseHasTheClock =
      noClasses()
          .should()
          .callMethod(java.time.Clock.class, "systemUTC")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule configurationStaysInsideItsPackage =
      classes().that().areAnnotatedWith(Configuration.class).should().bePackagePrivate();
}
