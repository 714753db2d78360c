/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import rowlock.settings.ClientSettings;
import rowlock.settings.ShutdownDelay;
import rowlock.settings.Variables;

/** Reads all settings once, at start-up. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
class SettingsAutoConfiguration {
  /** The clock of the engine, unless the application has one. */
  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  TokenSettings rowlockTokenSettings(Environment environment) {
    return TokenSettings.from(new Variables(environment));
  }

  @Bean
  ScopeSettings rowlockScopeSettings(Environment environment) {
    return ScopeSettings.from(new Variables(environment));
  }

  @Bean
  ApiSettings rowlockApiSettings(Environment environment) {
    return ApiSettings.from(new Variables(environment));
  }

  @Bean
  ServerSettings rowlockServerSettings(Environment environment) {
    return ServerSettings.from(new Variables(environment));
  }

  @Bean
  ClientSettings rowlockClientSettings(Environment environment) {
    return ClientSettings.from(new Variables(environment));
  }

  @Bean
  CorsSettings rowlockCorsSettings(Environment environment) {
    return CorsSettings.from(new Variables(environment));
  }

  @Bean
  EventSettings rowlockEventSettings(Environment environment) {
    return EventSettings.from(new Variables(environment));
  }

  @Bean
  ErasureSettings rowlockErasureSettings(Environment environment) {
    return ErasureSettings.from(new Variables(environment));
  }

  @Bean
  DatabaseSettings rowlockDatabaseSettings(Environment environment) {
    return DatabaseSettings.from(new Variables(environment));
  }

  @Bean
  ShutdownDelay applicationAvailability(Environment environment) {
    return ShutdownDelay.from(new Variables(environment));
  }
}
