/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rowlock.realm.plan.Plan;
import rowlock.realm.plan.PlanJson;
import rowlock.realm.plan.PlanText;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;
import rowlock.realm.source.DeclaredRealm;
import rowlock.realm.source.RealmSourceException;
import rowlock.realm.verify.AdminEvents;
import rowlock.realm.verify.DriftMetrics;

/** Compares the source with a server for monitoring. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Compares the source with a server for monitoring, and names who changed an object last.",
    footer = "Exit codes: 0 no changes, 2 changes, 1 error.",
    exitCodeOnInvalidInput = ExitCode.ERROR,
    exitCodeOnExecutionException = ExitCode.ERROR)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Main main;
  @Mixin private SourceOptions source;
  @Mixin private ServerOptions server;

  @Option(names = "--json", description = "Writes JSON instead of text.")
  private boolean json;

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE",
      description = "Also writes metrics in Prometheus' text format, after an error too.")
  private @Nullable Path metrics;

  @Override
  public Integer call() throws IOException {
    var realm = source.name();
    Plan plan = null;
    try {
      var declared = source.read(main.environment());
      realm = declared.name();
      try (var admin = server.connect(realm, main.environment())) {
        plan = report(declared, admin);
        return plan.changes().isEmpty() ? ExitCode.OK : ExitCode.CHANGES;
      }
    } catch (RealmSourceException | ServerException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.ERROR;
    } finally {
      if (metrics != null) {
        var now = Clock.systemUTC().instant();
        DriftMetrics.write(metrics, DriftMetrics.text(realm, plan, now));
      }
    }
  }

  private Plan report(DeclaredRealm declared, AdminClient admin) {
    var plan = Plan.of(declared, admin.export(), new Plan.Options(false, false));
    var events = new AdminEvents(admin);
    if (json) {
      print(PlanJson.text(withAuthors(plan, events)));
    } else {
      print(
          PlanText.of(
              plan,
              PlanCommand.isColored(spec),
              change -> {
                var last = events.last(change, plan);
                return last == null ? "" : last.text();
              }));
    }
    return plan;
  }

  private static ObjectNode withAuthors(Plan plan, AdminEvents events) {
    var result = PlanJson.of(plan);
    var index = 0;
    for (var change : plan.changes()) {
      var last = events.last(change, plan);
      if (last != null) {
        var object = (ObjectNode) result.path("changes").path(index);
        object
            .putObject("lastChange")
            .put("time", last.time().toString())
            .put("operation", last.operation())
            .put("resource", last.resource())
            .put("who", last.who());
      }
      index++;
    }
    return result;
  }

  private void print(String text) {
    var out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
