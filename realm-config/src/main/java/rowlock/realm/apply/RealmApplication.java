/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.plan.Change;
import rowlock.realm.plan.Plan;
import rowlock.realm.plan.PlanJson;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;
import rowlock.realm.source.DeclaredRealm;

/**
 * Makes a realm of a server equal to its source. It changes what a plan lists and nothing else, in
 * an order in which no login fails. It never touches users, sessions and keys, and no object that
 * the source does not declare.
 */
public final class RealmApplication {
  private final AdminClient admin;
  private final DeclaredRealm source;
  private final Plan.Options options;
  private final Progress progress;

  /** Receives what happens during a run. */
  public interface Progress {
    /** Another run changes the realm, and this one waits. */
    void waiting();

    /** The rest of a killed run was finished or removed. */
    void recovered();

    /** A step is complete. */
    void done(String step);
  }

  /** The result of a run. */
  public sealed interface Result {
    /** The server has changed since the plan that was reviewed. */
    record Outdated(Plan current) implements Result {}

    /** All steps are complete. */
    record Applied(Plan plan, List<String> steps) implements Result {}

    /**
     * A step failed, and the following ones were not tried.
     *
     * @param steps that are complete
     * @param failed the step that failed
     * @param rest the steps that were not tried
     * @param cause why it failed
     */
    record Stopped(List<String> steps, String failed, List<String> rest, ServerException cause)
        implements Result {}
  }

  /** Uses a server and a source. */
  public RealmApplication(
      AdminClient admin, DeclaredRealm source, Plan.Options options, Progress progress) {
    this.admin = admin;
    this.source = source;
    this.options = options;
    this.progress = progress;
  }

  /** Compares the source with the server. */
  public Plan plan() {
    return Plan.of(source, admin.export(), options);
  }

  /** Applies whatever differs. */
  public Result apply(Duration wait) {
    return apply(wait, plan -> true);
  }

  /** Applies a plan that was reviewed, or nothing if the server has changed since. */
  public Result applyReviewed(JsonNode reviewed, Duration wait) {
    return apply(wait, plan -> PlanJson.of(plan).equals(reviewed));
  }

  private Result apply(Duration wait, Predicate<Plan> isReviewed) {
    try (var lock = ApplyLock.acquire(admin, wait, progress::waiting)) {
      var replacement = new FlowReplacement(admin);
      if (replacement.finishInterrupted(admin.exportFlows())) {
        progress.recovered();
      }
      var plan = plan();
      if (!isReviewed.test(plan)) {
        return new Result.Outdated(plan);
      }
      return run(plan, replacement, lock);
    }
  }

  private Result run(Plan plan, FlowReplacement replacement, ApplyLock lock) {
    var steps = steps(plan, replacement);
    List<String> done = new ArrayList<>();
    for (var step : steps) {
      try {
        lock.requireHeld();
        step.action().run();
      } catch (ServerException e) {
        var rest = steps.subList(done.size() + 1, steps.size()).stream().map(Step::label).toList();
        return new Result.Stopped(done, step.label(), rest, e);
      }
      done.add(step.label());
      progress.done(step.label());
    }
    return new Result.Applied(plan, done);
  }

  /**
   * Orders the steps: what others refer to comes before them, new flows before what binds them, and
   * removals last.
   */
  private List<Step> steps(Plan plan, FlowReplacement replacement) {
    var changes = new Changes(plan);
    var ids = new ServerIds(admin, plan.server());
    var flows = new FlowWriter(admin, changes, replacement);
    var names = new FlowNames(admin, flows.replaced());
    var roles = new RoleWriter(admin, ids, changes);
    var clients = new ClientWriter(admin, ids, changes, names);
    var components = new ComponentWriter(admin, ids, changes);
    var settings = new SettingsWriter(admin, ids, changes, names);
    var providers = new ProviderWriter(admin, ids, changes, names);
    var policies = new PolicyWriter(admin, changes);
    var removal = new Removal(admin, ids, changes, roles, components, providers, policies);
    var record =
        plan.recorded()
            ? Stream.<Step>empty()
            : Stream.of(new Step("record what was applied", () -> settings.record(plan.record())));
    return Stream.of(
            roles.creations(Kind.ROLE),
            clients.scopes(),
            flows.creation(),
            clients.clients(),
            roles.creations(Kind.CLIENT_ROLE),
            roles.updates(Kind.ROLE),
            roles.updates(Kind.CLIENT_ROLE),
            roles.serviceAccounts(),
            roles.scopeMappings(),
            roles.groups(),
            components.components(),
            components.userProfile(),
            components.requiredActions(),
            settings.settings(),
            providers.providers(),
            providers.mappers(),
            policies.profiles(),
            policies.policies(),
            settings.texts(),
            flows.inPlace(),
            flows.completion(),
            removal.steps(),
            record)
        .flatMap(steps -> steps)
        .toList();
  }

  /** Returns whether a plan leaves changes to an operator. */
  public static boolean leavesChanges(Plan plan) {
    return plan.changes().stream().map(Change::manual).anyMatch(manual -> manual != null);
  }
}
