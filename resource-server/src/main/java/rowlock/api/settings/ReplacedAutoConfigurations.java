/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Excludes the auto-configurations of Spring Boot that the engine replaces: the error pages,
 * because unhandled errors are answered with problems; Flyway, because the engine runs the scripts
 * of the application as the role that owns the tables; and the observation of requests, because the
 * engine counts them itself. An application with Micrometer Tracing needs observations and keeps
 * them.
 */
final class ReplacedAutoConfigurations implements AutoConfigurationImportFilter {
  /** Present if requests are traced. */
  static final String TRACER = "io.micrometer.tracing.Tracer";

  private static final String OBSERVATION =
      "org.springframework.boot.webmvc.autoconfigure.WebMvcObservationAutoConfiguration";

  private static final Set<String> REPLACED =
      Set.of(
          "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration",
          "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");

  private final boolean traced = ClassUtils.isPresent(TRACER, getClass().getClassLoader());

  @Override
  public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
    var included = new boolean[configurations.length];
    for (var i = 0; i < included.length; i++) {
      var configuration = configurations[i];
      included[i] = configuration == null || !isReplaced(configuration);
    }
    return included;
  }

  private boolean isReplaced(String configuration) {
    return REPLACED.contains(configuration) || configuration.equals(OBSERVATION) && !traced;
  }
}
