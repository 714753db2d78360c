/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Leaves out the error pages of Spring Boot: errors that no controller has answered are answered as
 * problems by {@code ProblemReportValve}.
 */
final class ErrorPages implements AutoConfigurationImportFilter {

  private static final String ERROR_PAGES =
      "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration";

  @Override
  public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
    boolean[] wanted = new boolean[configurations.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = !ERROR_PAGES.equals(configurations[i]);
    }
    return wanted;
  }
}
