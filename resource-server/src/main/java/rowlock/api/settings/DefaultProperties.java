/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;

/**
 * Adds the engine's defaults of Spring Boot's properties, below every property that the application
 * sets.
 */
final class DefaultProperties implements EnvironmentPostProcessor {
  private static final String FILE = "rowlock-defaults.yaml";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    var excluded = environment.getProperty("spring.autoconfigure.exclude", "");
    if (excluded.contains(SettingsAutoConfiguration.class.getName())) {
      return; // the application has excluded the engine
    }
    try {
      new YamlPropertySourceLoader()
          .load(FILE, new ClassPathResource(FILE))
          .forEach(environment.getPropertySources()::addLast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
