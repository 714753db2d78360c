/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The features of this module, and the parts of the server that change with its version. */
final class ModuleLayout {
  static final String ROOT = "rowlock.keycloak";
  static final String SUPPORT = ROOT + ".support";
  static final String BUDGET = ROOT + ".budget";

  /** Packages that hold features instead of being one. */
  private static final Set<String> GROUPS = Set.of("login", "registration");

  /** Packages that features use. They depend on no feature. */
  private static final Set<String> BUILDING_BLOCKS = Set.of("support", "budget");

  /**
   * The features that require another one. Guessing has a limit for each known browser, so that a
   * stranger cannot use up the owner's; the other feature stores the browsers, and is useful
   * without limits.
   */
  static final Map<String, String> NEEDS = Map.of("login.guessing", "login.browser");

  /** The archives of the server that contain implementations. The others are its SPIs. */
  private static final Pattern IMPLEMENTATION =
      Pattern.compile(
          ".*/(keycloak-(services|model-jpa|model-infinispan|model-storage-private)"
              + "|hibernate-core|infinispan-[a-z]+)-[0-9][^/]*\\.jar!.*");

  /**
   * Classes that extensions implement or receive, although an archive of implementations contains
   * them.
   */
  private static final List<String> EXTENSION_POINTS =
      List.of(
          "org.keycloak.authentication.actiontoken.ActionTokenContext",
          "org.keycloak.authentication.actiontoken.ActionTokenHandler",
          "org.keycloak.authentication.actiontoken.DefaultActionToken",
          "org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticator",
          "org.keycloak.connections.jpa.",
          "org.keycloak.protocol.oidc.mappers.",
          "org.keycloak.protocol.oidc.refresh.RefreshTokenProvider",
          "org.keycloak.services.clientpolicy.context.");

  static final DescribedPredicate<JavaClass> INTERNALS =
      DescribedPredicate.describe("are internals of the server", ModuleLayout::isInternal);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // excludes classes of the same packages in another module
          .withImportOption((Location location) -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  private ModuleLayout() {}

  static JavaClasses classes() {
    return CLASSES;
  }

  static boolean isInternal(JavaClass type) {
    var base = type.getBaseComponentType();
    return base.getPackageName().startsWith("io.vertx.ext.web.impl")
        || (EXTENSION_POINTS.stream().noneMatch(base.getName()::startsWith)
            && base.getSource()
                .map(source -> IMPLEMENTATION.matcher(source.getUri().toString()).matches())
                .orElse(false));
  }

  /** Returns the feature of a package, or null for the building blocks. */
  static @Nullable String featureOf(String packageName) {
    if (!packageName.startsWith(ROOT + ".")) {
      return null;
    }
    var parts = packageName.substring(ROOT.length() + 1).split("\\.", -1);
    if (BUILDING_BLOCKS.contains(parts[0])) {
      return null;
    }
    return Arrays.stream(parts)
        .limit(GROUPS.contains(parts[0]) ? 2 : 1)
        .collect(Collectors.joining("."));
  }

  /** Returns the names of all features. */
  static Set<String> features() {
    return CLASSES.stream()
        .flatMap(type -> Stream.ofNullable(featureOf(type.getPackageName())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the packages that may use internals: support and at most one for each feature. */
  static Set<String> seams() {
    return CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.equals(SUPPORT) || name.endsWith(".stock"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
