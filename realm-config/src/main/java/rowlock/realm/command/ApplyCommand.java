/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rowlock.realm.apply.RealmApplication;
import rowlock.realm.apply.RealmApplication.Progress;
import rowlock.realm.apply.RealmApplication.Result;
import rowlock.realm.plan.PlanJson;
import rowlock.realm.plan.PlanText;
import rowlock.realm.server.AdminClient;
import rowlock.realm.source.DeclaredRealm;

/** Changes the server so that it equals the source. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Changes the server so that it equals the source, after a confirmation.",
    footer =
        "Exit codes: 0 the server equals the source, 2 changes are left to an operator, 1 error.",
    exitCodeOnInvalidInput = ExitCode.ERROR,
    exitCodeOnExecutionException = ExitCode.ERROR)
final class ApplyCommand implements Callable<Integer> {
  /** Longer lists are on the screen already: each step is printed when it is done. */
  private static final int MAX_LISTED = 20;

  @Spec private CommandSpec spec;
  @ParentCommand private Main main;
  @Mixin private SourceOptions source;
  @Mixin private ServerOptions server;
  @Mixin private PlanOptions options;

  @Option(
      names = {"-y", "--yes"},
      description = "Applies without a confirmation what the plan is when the run begins.")
  private boolean yes;

  @Option(
      names = "--plan-file",
      paramLabel = "FILE",
      description =
          "Applies the plan that plan --out has written, with its options and without a"
              + " confirmation. Refuses if the server or the source changed since.")
  private @Nullable Path planFile;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for another apply. Default: ${DEFAULT-VALUE}.")
  private int wait = 60;

  @Override
  public Integer call() {
    var declared = source.read(main.environment());
    try (var admin = server.connect(declared.name(), main.environment())) {
      declared.notes().forEach(err()::println);
      return apply(declared, admin);
    }
  }

  private int apply(DeclaredRealm declared, AdminClient admin) {
    var progress = new PrintedProgress(out(), err());
    var limit = Duration.ofSeconds(wait);
    if (planFile != null) {
      var reviewed = read(planFile);
      var application = new RealmApplication(admin, declared, PlanJson.options(reviewed), progress);
      return report(declared, application.applyReviewed(reviewed, limit));
    }
    var application = new RealmApplication(admin, declared, options.choice(), progress);
    if (yes) {
      return report(declared, application.apply(limit));
    }
    var plan = application.plan();
    out().print(PlanText.of(plan, PlanCommand.isColored(spec)));
    out().flush();
    if (!plan.automatic().isEmpty() && !isConfirmed()) {
      err().println("Nothing was changed.");
      return ExitCode.ERROR;
    }
    return report(declared, application.applyReviewed(PlanJson.of(plan), limit));
  }

  private JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--plan-file " + file + " is not a plan");
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--plan-file " + file + " is not readable");
    }
  }

  /** Without a terminal there is no answer, so nothing is applied. */
  @SuppressWarnings("SystemConsoleNull") // NullAway does not know that it is never null
  private boolean isConfirmed() {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      err().println("No terminal to confirm on: use --yes or --plan-file.");
      return false;
    }
    var answer = console.readLine("Apply these changes? [y/N] ");
    return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  private int report(DeclaredRealm declared, Result result) {
    return switch (result) {
      case Result.Applied applied -> {
        var plan = applied.plan();
        out()
            .println(
                applied.steps().isEmpty()
                    ? "Realm " + plan.realm() + ": no changes."
                    : "Applied: " + PlanText.summary(plan));
        yield RealmApplication.leavesChanges(plan) ? ExitCode.CHANGES : ExitCode.OK;
      }
      case Result.Outdated outdated -> {
        err().println("The server or the source changed since the plan. Nothing was applied. Now:");
        err().print(PlanText.of(outdated.current(), false));
        err().flush();
        yield ExitCode.ERROR;
      }
      case Result.Stopped stopped -> {
        err().println("Failed: " + stopped.failed());
        err()
            .println(
                "  " + declared.secrets().hideIn(String.valueOf(stopped.cause().getMessage())));
        err().println("Done before: " + listed(stopped.steps()));
        err().println("Not tried: " + listed(stopped.rest()));
        err().println("Run apply again: it continues from here.");
        yield ExitCode.ERROR;
      }
    };
  }

  private static String listed(List<String> steps) {
    if (steps.size() > MAX_LISTED) {
      return steps.size() + " steps, the last one: " + steps.getLast();
    }
    return steps.isEmpty() ? "nothing" : String.join("; ", steps);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private record PrintedProgress(PrintWriter out, PrintWriter err) implements Progress {
    @Override
    public void waiting() {
      err.println("Another apply changes this realm; waiting.");
    }

    @Override
    public void recovered() {
      err.println("Finished the flows of an interrupted apply.");
    }

    @Override
    public void done(String step) {
      out.println("  done: " + step);
    }
  }
}
