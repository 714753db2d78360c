/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.util.Optional;
import rowlock.settings.Variables;

/**
 * The name of the API in its own documents: the OpenAPI description and the metadata of the
 * protected resource (RFC 9728).
 *
 * @param name {@code ROWLOCK_API_NAME}, default {@code spring.application.name}
 * @param description one sentence, {@code ROWLOCK_API_DESCRIPTION}
 */
public record ApiSettings(String name, String description) {

  static ApiSettings from(Variables variables) {
    return new ApiSettings(
        variables
            .text("ROWLOCK_API_NAME")
            .or(() -> applicationName(variables))
            .orElse("Resource server"),
        variables
            .text("ROWLOCK_API_DESCRIPTION")
            .orElse("Resources of the account that the access token names, and of no other."));
  }

  /** Returns the property {@code spring.application.name}. */
  static Optional<String> applicationName(Variables variables) {
    return variables.text("SPRING_APPLICATION_NAME");
  }
}
