/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.util.function.Consumer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Rejects invalid settings, such as ports, before Spring Boot reads them. Spring Boot would report
 * its own property name and a stack trace. Each service registers a subclass in its {@code
 * spring.factories}.
 */
public abstract class EarlySettingCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private final Consumer<Variables> settings;

  /**
   * @param settings reads settings, and throws {@link InvalidSettingException} if one is invalid
   */
  protected EarlySettingCheck(Consumer<Variables> settings) {
    this.settings = settings;
  }

  @Override
  public final void initialize(ConfigurableApplicationContext context) {
    settings.accept(new Variables(context.getEnvironment()));
  }
}
