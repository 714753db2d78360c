/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Excludes the auto-configurations of Spring Boot that the engine replaces: the error pages,
 * because unhandled errors are answered with problems, and Flyway, because the engine runs the
 * scripts of the application as the role that owns the tables.
 */
final class ReplacedAutoConfigurations implements AutoConfigurationImportFilter {
  private static final Set<String> REPLACED =
      Set.of(
          "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration",
          "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");

  @Override
  public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
    var included = new boolean[configurations.length];
    for (var i = 0; i < included.length; i++) {
      var configuration = configurations[i];
      included[i] = configuration == null || !REPLACED.contains(configuration);
    }
    return included;
  }
}
