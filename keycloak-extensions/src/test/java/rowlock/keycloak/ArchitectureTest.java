/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Each feature is one folder, with its own {@code stock} package, and no other feature depends on
 * it.
 */
class ArchitectureTest {
  private static final String STOCK = "..stock..";
  private static final String SUPPORT = ModuleLayout.SUPPORT + "..";
  private static final String BUDGET = ModuleLayout.BUDGET + "..";
  private static final String DELIVERY = "rowlock.keycloak.revocation.delivery..";

  @Test
  void onlyStockAndSupportUseInternals() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(STOCK, SUPPORT)
            .should()
            .dependOnClassesThat(ModuleLayout.INTERNALS));
  }

  /** Without internals, the rule above would forbid nothing. */
  @Test
  void internalsAreRecognized() {
    var touching =
        ModuleLayout.classes().stream()
            .filter(
                type ->
                    type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(
                            dependency -> ModuleLayout.isInternal(dependency.getTargetClass())))
            .map(JavaClass::getPackageName)
            .toList();
    assertThat(touching)
        .contains(
            ModuleLayout.SUPPORT,
            "rowlock.keycloak.input.stock",
            "rowlock.keycloak.rotation.stock",
            "rowlock.keycloak.revocation.stock",
            "rowlock.keycloak.revocation.delivery.stock",
            "rowlock.keycloak.registration.password.stock");
  }

  @Test
  void featuresDoNotKnowEachOther() {
    var rule = slices().assignedFrom(new Features()).should().notDependOnEachOther();
    for (var exception : ModuleLayout.NEEDS.entrySet()) {
      rule = rule.ignoreDependency(inFeature(exception.getKey()), inFeature(exception.getValue()));
    }
    check(rule);
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("rowlock.keycloak.(**)").should().beFreeOfCycles());
  }

  @Test
  void supportKnowsNoFeature() {
    check(
        noClasses()
            .that()
            .resideInAPackage(SUPPORT)
            .should()
            .dependOnClassesThat(ours().and(outside(SUPPORT))));
  }

  @Test
  void budgetKnowsNoFeature() {
    check(
        noClasses()
            .that()
            .resideInAPackage(BUDGET)
            .should()
            .dependOnClassesThat(ours().and(outside(SUPPORT, BUDGET))));
  }

  @Test
  void everyClassOfSupportServesTwoFeatures() {
    check(
        classes()
            .that()
            .resideInAPackage(SUPPORT)
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .should(new ServeTwoFeatures()));
  }

  @Test
  void aStockPackageServesItsOwnFeatureOnly() {
    check(classes().that().resideInAPackage(STOCK).should(new HaveDependentsOfTheSameFeature()));
  }

  @Test
  void deliveryDoesNotKnowWhatCausesAnEvent() {
    check(
        noClasses()
            .that()
            .resideInAPackage(DELIVERY)
            .should()
            .dependOnClassesThat(
                JavaClass.Predicates.resideInAPackage("rowlock.keycloak.revocation..")
                    .and(outside(DELIVERY))));
  }

  private static void check(ArchRule rule) {
    rule.check(ModuleLayout.classes());
  }

  private static DescribedPredicate<JavaClass> ours() {
    return JavaClass.Predicates.resideInAPackage("rowlock.keycloak..");
  }

  private static DescribedPredicate<JavaClass> outside(String... packages) {
    return DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(packages));
  }

  private static DescribedPredicate<JavaClass> inFeature(String feature) {
    return JavaClass.Predicates.resideInAPackage("rowlock.keycloak." + feature + "..");
  }

  private static final class Features implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      var feature = ModuleLayout.featureOf(type.getPackageName());
      return feature == null ? SliceIdentifier.ignore() : SliceIdentifier.of(feature);
    }

    @Override
    public String getDescription() {
      return "features";
    }
  }

  /** Condition: two features use the class, directly or through other classes of support. */
  private static final class ServeTwoFeatures extends ArchCondition<JavaClass> {
    ServeTwoFeatures() {
      super("serve two features");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      var users = new TreeSet<String>();
      collect(type, users, new HashSet<>());
      if (users.size() < 2) {
        events.add(
            SimpleConditionEvent.violated(
                type, type.getName() + " serves " + users + ": move it to the feature"));
      }
    }

    private static void collect(JavaClass type, Set<String> users, Set<JavaClass> seen) {
      if (!seen.add(type)) {
        return;
      }
      for (var dependency : type.getDirectDependenciesToSelf()) {
        var user = dependency.getOriginClass();
        var name = user.getPackageName();
        if (name.equals(ModuleLayout.SUPPORT)) {
          collect(topLevel(user), users, seen);
        } else {
          users.add(Objects.requireNonNullElse(ModuleLayout.featureOf(name), name));
        }
      }
    }

    private static JavaClass topLevel(JavaClass type) {
      return type.getEnclosingClass().map(ServeTwoFeatures::topLevel).orElse(type);
    }
  }

  private static final class HaveDependentsOfTheSameFeature extends ArchCondition<JavaClass> {
    HaveDependentsOfTheSameFeature() {
      super("have dependents of the same feature only");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      var feature = type.getPackageName().replaceFirst("\\.stock.*", "");
      for (var dependency : type.getDirectDependenciesToSelf()) {
        var user = dependency.getOriginClass().getPackageName();
        if (!user.equals(feature) && !user.startsWith(feature + ".")) {
          events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
        }
      }
    }
  }
}
