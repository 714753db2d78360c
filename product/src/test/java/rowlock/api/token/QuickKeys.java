/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The issuer's keys are fetched each second, and at no other time is anybody waited for. */
public class QuickKeys {

  @Bean
  @Primary
  IssuerKeys.Timing quick() {
    return new IssuerKeys.Timing(
        Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(24), Duration.ZERO);
  }
}
