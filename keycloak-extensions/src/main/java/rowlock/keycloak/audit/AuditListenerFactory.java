/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.timer.TimerProvider;
import rowlock.keycloak.support.GlobalListenerFactory;
import rowlock.keycloak.support.JsonLine;

/**
 * Creates the global listener {@code rowlock-audit}, which is active in every realm without
 * configuration.
 */
public final class AuditListenerFactory implements GlobalListenerFactory {
  /** The provider id. Must not change: operators' settings and dashboards name it. */
  static final String ID = "rowlock-audit";

  private static final Logger AUDIT = Logger.getLogger("rowlock.audit");

  private static final String LINES_PER_MINUTE = "lines-per-minute";
  private static final Duration SUMMARY = Duration.ofSeconds(5);

  private LineLimits limits = LineLimits.of(LineLimit.DEFAULT_LINES_PER_MINUTE, System::nanoTime);

  @Override
  public void init(Config.Scope config) {
    limits =
        LineLimits.of(
            config.getInt(LINES_PER_MINUTE, LineLimit.DEFAULT_LINES_PER_MINUTE), System::nanoTime);
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(
        event -> {
          if (event instanceof PostMigrationEvent) {
            KeycloakModelUtils.runJobInTransaction(factory, this::schedule);
          }
        });
  }

  private void schedule(KeycloakSession session) {
    session
        .getProvider(TimerProvider.class)
        .schedule(this::summarize, SUMMARY.toMillis(), "rowlock-audit-summary");
  }

  /** Reports the number of omitted lines, one line for each event type. */
  private void summarize() {
    limits
        .takeWithheld()
        .forEach(
            (type, count) ->
                AUDIT.warn(
                    new JsonLine()
                        .id("ts", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                        .id("kind", "audit")
                        .id("event", "LINES_NOT_WRITTEN")
                        .id("type", type.name())
                        .id("count", count.toString())
                        .toString()));
  }

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new AuditListener(session, new AuditTransaction(AuditListenerFactory::write), limits);
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(LINES_PER_MINUTE)
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(LineLimit.DEFAULT_LINES_PER_MINUTE)
        .helpText(
            "Maximum number of lines a minute and node about events that requests without valid"
                + " credentials can cause, and the same number about accounts; for one network and"
                + " event type, a tenth of it.")
        .add()
        .build();
  }

  // Does not throw if a log file cannot be written: the log manager passes the error to its error
  // manager.
  private static void write(AuditLine line) {
    AUDIT.log(line.refused() ? Logger.Level.WARN : Logger.Level.INFO, line.json());
  }

  @Override
  public String getId() {
    return ID;
  }
}
