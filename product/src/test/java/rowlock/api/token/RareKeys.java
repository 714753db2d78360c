/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The issuer's keys are fetched once, and again only when a token names one that is not known. */
public class RareKeys {

  @Bean
  @Primary
  IssuerKeys.Timing rare() {
    return new IssuerKeys.Timing(
        Duration.ofHours(1), Duration.ofSeconds(30), Duration.ofHours(24), Duration.ofSeconds(10));
  }
}
