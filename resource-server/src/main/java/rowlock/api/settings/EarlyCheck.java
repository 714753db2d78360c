/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import rowlock.settings.Variables;

/**
 * Refuses impossible ports before Spring Boot reads them, which would name a property of its own
 * and print a stack trace.
 */
final class EarlyCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ServerSettings.from(new Variables(context.getEnvironment()));
  }
}
