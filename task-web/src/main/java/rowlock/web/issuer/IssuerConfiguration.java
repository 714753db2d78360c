/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.client.ClientKeys;
import rowlock.web.settings.IssuerSettings;

/** Reads the client keys of this server at the start. */
@Configuration(proxyBeanMethods = false)
class IssuerConfiguration {
  @Bean
  ClientKeys clientKeys(IssuerSettings settings) {
    return ClientKeys.read("ROWLOCK_WEB_CLIENT_KEY_FILE", settings.clientKeyFile());
  }
}
