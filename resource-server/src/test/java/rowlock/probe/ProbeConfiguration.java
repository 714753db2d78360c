/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class ProbeConfiguration {
  @Bean
  ItemStore itemStore(JdbcClient database) {
    return new ItemStore(database, 10_000);
  }
}
