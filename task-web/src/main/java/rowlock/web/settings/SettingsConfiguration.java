/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import rowlock.settings.ClientSettings;
import rowlock.settings.ShutdownDelay;
import rowlock.settings.Variables;

/** Reads and validates all settings at the start. */
@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {
  /** Returns the only clock of this server, so that tests can replace it. */
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  IssuerSettings issuerSettings(Environment environment) {
    return IssuerSettings.from(new Variables(environment));
  }

  @Bean
  ServerSettings serverSettings(Environment environment) {
    return ServerSettings.from(new Variables(environment));
  }

  @Bean
  RelaySettings relaySettings(Environment environment) {
    return RelaySettings.from(new Variables(environment));
  }

  @Bean
  ClientSettings clientSettings(Environment environment) {
    return ClientSettings.from(new Variables(environment));
  }

  @Bean
  SessionSettings sessionSettings(Environment environment) {
    return SessionSettings.from(new Variables(environment));
  }

  @Bean
  DatabaseSettings databaseSettings(Environment environment) {
    return DatabaseSettings.from(new Variables(environment));
  }

  @Bean
  PageSettings pageSettings(Environment environment) {
    return PageSettings.from(new Variables(environment));
  }

  @Bean
  ShutdownDelay applicationAvailability(Environment environment) {
    return ShutdownDelay.from(new Variables(environment));
  }
}
