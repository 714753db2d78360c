/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Fetches the issuer's keys every second and never on demand. */
public class FrequentKeyFetch {
  @Bean
  @Primary
  IssuerKeys.Timing frequentFetch() {
    return new IssuerKeys.Timing(
        Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofHours(24), Duration.ZERO);
  }
}
