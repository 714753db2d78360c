/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies of the program point one way. */
@AnalyzeClasses(packages = "rowlock.realm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule directions =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("source")
          .definedBy("rowlock.realm.source..")
          .layer("model")
          .definedBy("rowlock.realm.model..")
          .layer("server")
          .definedBy("rowlock.realm.server..")
          .layer("plan")
          .definedBy("rowlock.realm.plan..")
          .layer("apply")
          .definedBy("rowlock.realm.apply..")
          .layer("verify")
          .definedBy("rowlock.realm.verify..")
          .layer("packaged")
          .definedBy("rowlock.realm")
          .layer("command")
          .definedBy("rowlock.realm.command..")
          .whereLayer("source")
          .mayNotAccessAnyLayer()
          .whereLayer("model")
          .mayNotAccessAnyLayer()
          .whereLayer("server")
          .mayNotAccessAnyLayer()
          .whereLayer("plan")
          .mayOnlyAccessLayers("source", "model")
          .whereLayer("apply")
          .mayOnlyAccessLayers("source", "model", "plan", "server")
          .whereLayer("verify")
          .mayOnlyAccessLayers("model", "plan", "server")
          .whereLayer("packaged")
          .mayOnlyAccessLayers("source")
          .whereLayer("command")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule onlyOnePackageKnowsTheHttpClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("rowlock.realm.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.ws.rs..", "org.keycloak.admin.client..", "org.jboss..");
}
