/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import org.keycloak.Config;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import rowlock.keycloak.TestExtension;

/** Gives tests access to budgets, as a second extension of a server. */
public final class BudgetProbeFactory implements RealmResourceProviderFactory {
  /** Returns the probe as an extension. */
  public static java.nio.file.Path extension() {
    return TestExtension.of(BudgetProbeFactory.class, RealmResourceProviderFactory.class);
  }

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new RealmResourceProvider() {
      @Override
      public Object getResource() {
        return new Probe(session);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String getId() {
    return "budget-probe";
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}

  /** Answers {@code true} or {@code false} and the milliseconds to wait. */
  public static final class Probe {
    private final KeycloakSession session;

    Probe(KeycloakSession session) {
      this.session = session;
    }

    /** Uses a budget. */
    @GET
    @Path("use/{use}")
    @Produces("text/plain")
    public String use(
        @PathParam("use") String use,
        @QueryParam("name") String name,
        @QueryParam("key") String key,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      var realm = session.getContext().getRealm();
      var window = Duration.ofMillis(millis);
      var budget = new Budget(name, limit, window);
      return switch (use) {
        case "take" -> text(budget.take(session, realm, key));
        case "take-address" ->
            text(NetworkBudget.of(name, limit, window).take(session, realm, key));
        case "take-and-fail" -> {
          budget.take(session, realm, key);
          throw new IllegalStateException("a request that fails after it took");
        }
        case "look" -> text(budget.look(session, realm, key));
        case "charge" -> {
          budget.charge(session, realm, key);
          yield "";
        }
        case "give-back" -> {
          budget.giveBack(session, realm, key);
          yield "";
        }
        default -> throw new NotFoundException(use);
      };
    }

    /** Returns the number of rows of one budget and the largest slot among them. */
    @GET
    @Path("rows")
    @Produces("text/plain")
    public String rows(@QueryParam("name") String name) {
      var row =
          (Object[])
              session
                  .getProvider(JpaConnectionProvider.class)
                  .getEntityManager()
                  .createNativeQuery(
                      "select count(*), coalesce(max(slot), 0) from rowlock_budget where name = :name")
                  .setParameter("name", name)
                  .getSingleResult();
      return row[0] + " " + row[1];
    }

    @GET
    @Path("prune")
    @Produces("text/plain")
    public String prune() {
      var entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
      return String.valueOf(new BudgetTable(entities).prune());
    }

    private static String text(Budget.Decision decision) {
      return decision.allowed() + " " + decision.retryAfter().toMillis();
    }
  }
}
