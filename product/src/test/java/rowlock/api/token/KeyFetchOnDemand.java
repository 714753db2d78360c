/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Fetches the issuer's keys once, and again only for a token with an unknown key id. */
public class KeyFetchOnDemand {
  @Bean
  @Primary
  IssuerKeys.Timing rare() {
    return new IssuerKeys.Timing(
        Duration.ofHours(1), Duration.ofSeconds(30), Duration.ofHours(24), Duration.ofSeconds(10));
  }
}
