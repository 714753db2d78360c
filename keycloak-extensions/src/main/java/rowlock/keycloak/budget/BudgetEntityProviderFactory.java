/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.time.Duration;
import java.util.List;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.timer.TimerProvider;
import rowlock.keycloak.support.ExtensionFactory;

/** Creates the table at the server's start, and removes expired rows. */
public final class BudgetEntityProviderFactory
    implements JpaEntityProviderFactory, ExtensionFactory<JpaEntityProvider> {
  /** The provider id. Must not change: the name of the table of migrations is derived from it. */
  static final String ID = "budget-rowlock";

  private static final String CHANGELOG = "rowlock/keycloak/budget/changelog.xml";
  private static final Duration PRUNING = Duration.ofMinutes(10);

  @Override
  public JpaEntityProvider create(KeycloakSession session) {
    return new BudgetEntityProvider();
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(
        event -> {
          if (event instanceof PostMigrationEvent) {
            KeycloakModelUtils.runJobInTransaction(factory, BudgetEntityProviderFactory::schedule);
          }
        });
  }

  /** Runs on every node: it is one statement, and concurrent runs are harmless. */
  private static void schedule(KeycloakSession session) {
    session
        .getProvider(TimerProvider.class)
        .scheduleTask(BudgetEntityProviderFactory::prune, PRUNING.toMillis(), "rowlock-budget");
  }

  private static void prune(KeycloakSession session) {
    new BudgetTable(session.getProvider(JpaConnectionProvider.class).getEntityManager()).prune();
  }

  @Override
  public String getId() {
    return ID;
  }

  private static final class BudgetEntityProvider implements JpaEntityProvider {
    /** Returns no entities: the table is accessed by plain SQL. */
    @Override
    public List<Class<?>> getEntities() {
      return List.of();
    }

    @Override
    public String getChangelogLocation() {
      return CHANGELOG;
    }

    @Override
    public String getFactoryId() {
      return ID;
    }

    @Override
    public void close() {}
  }
}
