/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.time.Duration;
import org.keycloak.Config;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Opens the budgets to tests, in a server that has it as a second extension. */
public final class BudgetProbeFactory implements RealmResourceProviderFactory {
  /** A new folder with nothing but the probe, as a second extension. */
  public static java.nio.file.Path extension() {
    try {
      var from =
          java.nio.file.Path.of(
              BudgetProbeFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var name = BudgetProbeFactory.class.getPackageName().replace('.', '/');
      var folder =
          Files.createTempDirectory(java.nio.file.Path.of("target"), "budget-probe")
              .toAbsolutePath();
      var to = Files.createDirectories(folder.resolve(name));
      try (var classes = Files.newDirectoryStream(from.resolve(name), "BudgetProbe*.class")) {
        for (var one : classes) {
          Files.copy(one, to.resolve(one.getFileName()));
        }
      }
      var services = Files.createDirectories(folder.resolve("META-INF/services"));
      Files.writeString(
          services.resolve("org.keycloak.services.resource.RealmResourceProviderFactory"),
          BudgetProbeFactory.class.getName());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
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

    @GET
    @Path("take")
    @Produces("text/plain")
    public String take(
        @QueryParam("name") String name,
        @QueryParam("key") String key,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      return text(budget(name, limit, millis).take(session, session.getContext().getRealm(), key));
    }

    @GET
    @Path("take-address")
    @Produces("text/plain")
    public String takeAddress(
        @QueryParam("name") String name,
        @QueryParam("key") String address,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      return text(
          NetworkBudget.of(name, limit, Duration.ofMillis(millis))
              .take(session, session.getContext().getRealm(), address));
    }

    @GET
    @Path("take-and-fail")
    public String takeAndFail(
        @QueryParam("name") String name,
        @QueryParam("key") String key,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      take(name, key, limit, millis);
      throw new IllegalStateException("a request that fails after it took");
    }

    @GET
    @Path("look")
    @Produces("text/plain")
    public String look(
        @QueryParam("name") String name,
        @QueryParam("key") String key,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      return text(budget(name, limit, millis).look(session, session.getContext().getRealm(), key));
    }

    @GET
    @Path("charge")
    @Produces("text/plain")
    public String charge(
        @QueryParam("name") String name,
        @QueryParam("key") String key,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      budget(name, limit, millis).charge(session, session.getContext().getRealm(), key);
      return "";
    }

    @GET
    @Path("give-back")
    @Produces("text/plain")
    public String giveBack(
        @QueryParam("name") String name,
        @QueryParam("key") String key,
        @QueryParam("limit") int limit,
        @QueryParam("millis") long millis) {
      budget(name, limit, millis).giveBack(session, session.getContext().getRealm(), key);
      return "";
    }

    /** Rows of one budget and the largest slot among them. */
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

    /** Microseconds that one use takes on an idle server. */
    @GET
    @Path("cost")
    @Produces("text/plain")
    public String cost(@QueryParam("uses") int uses) {
      var budget = budget("cost", 1_000_000, 3_600_000);
      var realm = session.getContext().getRealm();
      var start = System.nanoTime();
      for (var use = 0; use < uses; use++) {
        budget.take(session, realm, "key-" + use % 50);
      }
      return String.valueOf((System.nanoTime() - start) / uses / 1_000);
    }

    private static Budget budget(String name, int limit, long millis) {
      return new Budget(name, limit, Duration.ofMillis(millis));
    }

    private static String text(Budget.Decision decision) {
      return decision.allowed() + " " + decision.retryAfter().toMillis();
    }
  }
}
