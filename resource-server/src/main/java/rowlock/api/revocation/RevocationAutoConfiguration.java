/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import rowlock.api.audit.FailureBudget;
import rowlock.api.audit.SecurityLog;
import rowlock.api.isolation.LedgerDatabase;
import rowlock.api.settings.ErasureSettings;
import rowlock.api.settings.EventSettings;
import rowlock.api.settings.TokenSettings;
import rowlock.api.token.IssuerTokens;
import rowlock.api.token.PublicPaths;
import rowlock.client.ClientKeys;

/** Configures the receiver of security events. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({ClientKeySet.class, EventEndpoints.class})
class RevocationAutoConfiguration implements WebMvcConfigurer {
  /** The clock skew and the leeway after the expiry of a token. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private final EventSettings settings;
  private final IssuerLiveness liveness;

  RevocationAutoConfiguration(EventSettings settings, Clock clock, MeterRegistry metrics) {
    this.settings = settings;
    this.liveness = new IssuerLiveness(settings, clock, metrics);
  }

  /** Runs before all other interceptors. Inactive by default. */
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    if (settings.failClosed()) {
      registry
          .addInterceptor(new FailClosedInterceptor(liveness))
          .order(Ordered.HIGHEST_PRECEDENCE);
    }
  }

  @Bean
  static PublicPaths rowlockEventPaths() {
    return new PublicPaths(
        List.of(EventEndpoints.EVENTS, EventEndpoints.LOGOUT, ClientKeySet.PATH));
  }

  @Bean
  Ledger rowlockLedger(LedgerDatabase database, TokenSettings tokens, ErasureSettings erasure) {
    return new Ledger(database.statements(), tokens.maxLifetime().plus(MARGIN), erasure);
  }

  @Bean
  ClientKeys rowlockClientKeys() {
    var file = settings.clientKeyFile();
    return file == null ? ClientKeys.generated() : ClientKeys.read("ROWLOCK_CLIENT_KEY_FILE", file);
  }

  @Bean
  IssuerEventPoller rowlockIssuerEventPoller(TokenSettings tokens, ClientKeys keys, Clock clock) {
    return new IssuerEventPoller(tokens, settings, keys, clock);
  }

  @Bean
  ErasureJob rowlockErasureJob(IssuerEventPoller issuer, Ledger ledger, MeterRegistry metrics) {
    return new ErasureJob(issuer, ledger, metrics);
  }

  @Bean
  Reconciliation rowlockReconciliation(
      IssuerEventPoller issuer, EventReceiver receiver, Ledger ledger, ErasureJob erasures) {
    return new Reconciliation(issuer, receiver, ledger, erasures, liveness, settings);
  }

  /** The bean name makes it the health contributor {@code revocation}. */
  @Bean
  HealthIndicator revocationHealthIndicator(Reconciliation reconciliation) {
    return new RevocationHealth(liveness, reconciliation);
  }

  @Bean
  EventReceiver rowlockEventReceiver(
      IssuerTokens statements,
      TokenSettings tokens,
      Ledger ledger,
      FailureBudget budget,
      SecurityLog securityLog,
      Clock clock,
      MeterRegistry metrics) {
    var rules = new IssuerTokenRules(tokens, clock);
    return new EventReceiver(
        new SecurityEventReader(statements, rules),
        new LogoutTokenReader(statements, rules),
        ledger,
        liveness,
        budget,
        securityLog,
        clock,
        metrics);
  }
}
