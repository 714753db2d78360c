/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.springdoc.core.models.GroupedOpenApi;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** Beans of the kinds that the engine has too. */
@Configuration(proxyBeanMethods = false)
class ShopConfiguration {
  @Bean
  SecurityFilterChain publicPages(HttpSecurity http) {
    return http.securityMatcher("/public/**")
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  OpenAPI shopDescription() {
    return new OpenAPI().info(new Info().title("The shop").version("7"));
  }

  @Bean
  GroupedOpenApi orders() {
    return GroupedOpenApi.builder().group("orders").pathsToMatch("/api/**").build();
  }

  @Bean
  Clock shopClock() {
    return Clock.system(ZoneId.of("Europe/Vienna"));
  }

  @Bean
  CorsConfigurationSource corsConfigurationSource() {
    var rules = new CorsConfiguration();
    rules.setAllowedOrigins(List.of("https://shop.example"));
    rules.setAllowedHeaders(List.of("Authorization"));
    var source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/api/**", rules);
    return source;
  }

  @Bean
  HealthIndicator payments() {
    return () -> Health.up().build();
  }

  @Bean
  DataSource reporting(Environment environment) {
    return new SimpleDriverDataSource(
        new Driver(),
        environment.getRequiredProperty("shop.reporting.url"),
        environment.getRequiredProperty("shop.reporting.user"),
        environment.getRequiredProperty("shop.reporting.password"));
  }

  @Bean(defaultCandidate = false)
  @Qualifier("reporting")
  JdbcTemplate reportingJdbcTemplate(@Qualifier("reporting") DataSource reporting) {
    return new JdbcTemplate(reporting);
  }
}
