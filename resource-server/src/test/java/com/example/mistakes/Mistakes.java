/* SPDX-License-Identifier: Apache-2.0 */
package com.example.mistakes;

import javax.sql.DataSource;
import org.postgresql.Driver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.PlatformTransactionManager;

/** Configurations that a team might write. */
final class Mistakes {
  private Mistakes() {}

  private static DataSource ofTheMigration(Environment environment) {
    return new SimpleDriverDataSource(
        new Driver(),
        environment.getRequiredProperty("rowlock.db.url"),
        environment.getRequiredProperty("rowlock.db.migration.user"),
        environment.getRequiredProperty("rowlock.db.migration.password"));
  }

  @Configuration(proxyBeanMethods = false)
  static class PrimaryDataSource {
    @Bean
    @Primary
    DataSource own(Environment environment) {
      return ofTheMigration(environment);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnJdbcTemplate {
    @Bean
    JdbcTemplate own(Environment environment) {
      return new JdbcTemplate(ofTheMigration(environment));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnJdbcClient {
    @Bean
    JdbcClient own(Environment environment) {
      return JdbcClient.create(ofTheMigration(environment));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnTransactionManager {
    @Bean
    PlatformTransactionManager own(Environment environment) {
      return new DataSourceTransactionManager(ofTheMigration(environment));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ChainForEveryRequest {
    @Bean
    SecurityFilterChain open(HttpSecurity http) {
      return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll()).build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ChainForTheApi {
    @Bean
    SecurityFilterChain open(HttpSecurity http) {
      return http.securityMatcher("/api/**")
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class IgnoredApi {
    @Bean
    WebSecurityCustomizer ignoring() {
      return web -> web.ignoring().requestMatchers("/api/**");
    }
  }

  /** Cannot be noticed at the start: it depends on a header. */
  @Configuration(proxyBeanMethods = false)
  static class ChainForAHeader {
    @Bean
    SecurityFilterChain open(HttpSecurity http) {
      return http.securityMatcher(request -> request.getHeader("X-Debug") != null)
          .csrf(csrf -> csrf.disable())
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .build();
    }
  }
}
