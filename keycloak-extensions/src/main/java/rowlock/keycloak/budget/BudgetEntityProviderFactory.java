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

/** Makes the table at the server's start, and keeps it small. */
public final class BudgetEntityProviderFactory
    implements JpaEntityProviderFactory, ExtensionFactory<JpaEntityProvider> {
  /** The provider id. Never changes: the name of the table of migrations comes from it. */
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

  /** On every node: it is one statement, and two at once do no harm. */
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
    /** None: one table, plain SQL. */
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
