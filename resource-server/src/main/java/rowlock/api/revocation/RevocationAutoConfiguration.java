/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
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
import rowlock.api.token.IssuerStatements;
import rowlock.api.token.PublicPaths;
import rowlock.client.ClientKeys;

/** Puts the receiver of events together. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({ClientKeySet.class, EventEndpoints.class})
class RevocationAutoConfiguration implements WebMvcConfigurer {

  /** What clocks may differ, and the few seconds that an expired token is good for. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private final EventSettings settings;
  private final Silence silence;

  RevocationAutoConfiguration(EventSettings settings, Clock clock, MeterRegistry metrics) {
    this.settings = settings;
    this.silence = new Silence(settings, clock, metrics);
  }

  /** In front of all others. Where nobody wants it, it costs nothing. */
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    if (settings.failClosed()) {
      registry.addInterceptor(new SilenceGate(silence)).order(Ordered.HIGHEST_PRECEDENCE);
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
    Path file = settings.clientKeyFile();
    return file == null ? ClientKeys.generated() : ClientKeys.read("ROWLOCK_CLIENT_KEY_FILE", file);
  }

  @Bean
  ChangesEndpoint rowlockChangesEndpoint(TokenSettings tokens, ClientKeys keys, Clock clock) {
    return new ChangesEndpoint(tokens, settings, keys, clock);
  }

  @Bean
  ErasureJob rowlockErasureJob(ChangesEndpoint issuer, Ledger ledger, MeterRegistry metrics) {
    return new ErasureJob(issuer, ledger, metrics);
  }

  @Bean
  Reconciliation rowlockReconciliation(
      ChangesEndpoint issuer, EventReceiver receiver, Ledger ledger, ErasureJob erasures) {
    return new Reconciliation(issuer, receiver, ledger, erasures, silence, settings);
  }

  /** The name makes it the contributor {@code revocation}. */
  @Bean
  HealthIndicator revocationHealthIndicator(Reconciliation reconciliation) {
    return new RevocationHealth(silence, reconciliation);
  }

  @Bean
  EventReceiver rowlockEventReceiver(
      IssuerStatements statements,
      TokenSettings tokens,
      Ledger ledger,
      FailureBudget budget,
      SecurityLog securityLog,
      Clock clock,
      MeterRegistry metrics) {
    StatementRules rules = new StatementRules(tokens, clock);
    return new EventReceiver(
        new SecurityEventReader(statements, rules),
        new LogoutTokenReader(statements, rules),
        ledger,
        silence,
        budget,
        securityLog,
        clock,
        metrics);
  }
}
