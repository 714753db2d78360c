/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import org.jspecify.annotations.Nullable;
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
    var name = variables.text("ROWLOCK_API_NAME");
    if (name == null) {
      name = applicationName(variables);
    }
    return new ApiSettings(
        name == null ? "Resource server" : name,
        variables.text(
            "ROWLOCK_API_DESCRIPTION",
            "Resources of the account that the access token names, and of no other."));
  }

  /** Returns the property {@code spring.application.name}, or null if it is not set. */
  static @Nullable String applicationName(Variables variables) {
    return variables.text("SPRING_APPLICATION_NAME");
  }
}
