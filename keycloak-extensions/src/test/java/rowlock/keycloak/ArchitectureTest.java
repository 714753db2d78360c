/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.refresh.DefaultRefreshTokenProvider;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.services.managers.BruteForceProtectorFactory;

@AnalyzeClasses(packages = "rowlock.keycloak", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String SUPPORT = "rowlock.keycloak.support..";

  /** Counts for features without knowing any. */
  private static final String BUDGET = "rowlock.keycloak.budget..";

  @ArchTest
  static final ArchRule featuresDoNotKnowEachOther =
      slices()
          .matching("rowlock.keycloak.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              DescribedPredicate.alwaysTrue(),
              JavaClass.Predicates.resideInAnyPackage(SUPPORT, BUDGET));

  @ArchTest
  static final ArchRule onlyStockAndSupportTouchInternalsOfTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackages(SUPPORT, "..stock..")
          .should()
          .dependOnClassesThat(
              // these are SPIs in spite of their packages' names
              JavaClass.Predicates.resideInAPackage("org.keycloak.services..")
                  .and(
                      DescribedPredicate.not(
                          JavaClass.Predicates.resideInAnyPackage(
                                  "org.keycloak.services.clientpolicy..",
                                  "org.keycloak.services.resource")
                              .or(JavaClass.Predicates.equivalentTo(BruteForceProtector.class))
                              .or(
                                  JavaClass.Predicates.equivalentTo(
                                      BruteForceProtectorFactory.class))))
                  .or(
                      JavaClass.Predicates.resideInAnyPackage(
                          "org.keycloak.models.jpa..", "org.hibernate.."))
                  .or(JavaClass.Predicates.assignableTo(TokenManager.class))
                  .or(JavaClass.Predicates.equivalentTo(DefaultRefreshTokenProvider.class)));

  @ArchTest
  static final ArchRule supportKnowsNoFeature =
      noClasses()
          .that()
          .resideInAPackage(SUPPORT)
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("rowlock.keycloak..")
                  .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(SUPPORT))));

  @ArchTest
  static final ArchRule budgetKnowsNoFeature =
      noClasses()
          .that()
          .resideInAPackage(BUDGET)
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("rowlock.keycloak..")
                  .and(
                      DescribedPredicate.not(
                          JavaClass.Predicates.resideInAnyPackage(SUPPORT, BUDGET))));
}
