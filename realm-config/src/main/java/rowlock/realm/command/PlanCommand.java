/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rowlock.realm.plan.Plan;
import rowlock.realm.plan.PlanJson;
import rowlock.realm.plan.PlanText;

/** Compares the source with a server, and changes nothing. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Compares the source with a server, and changes nothing.",
    footer = "Exit codes: 0 no changes, 2 changes, 1 error.",
    exitCodeOnInvalidInput = ExitCode.ERROR,
    exitCodeOnExecutionException = ExitCode.ERROR)
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Main main;
  @Mixin private SourceOptions source;
  @Mixin private ServerOptions server;
  @Mixin private PlanOptions options;

  @Option(names = "--json", description = "Writes JSON instead of text.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also writes the plan to a file, for apply --plan-file.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    var declared = source.read(main.environment());
    try (var admin = server.connect(declared.name(), main.environment())) {
      var plan = Plan.of(declared, admin.export(), options.choice());
      var text = PlanJson.text(PlanJson.of(plan));
      if (file != null) {
        Files.writeString(file, text);
      }
      declared.notes().forEach(spec.commandLine().getErr()::println);
      spec.commandLine().getOut().print(json ? text : PlanText.of(plan, isColored(spec)));
      spec.commandLine().getOut().flush();
      return plan.changes().isEmpty() ? ExitCode.OK : ExitCode.CHANGES;
    }
  }

  /** Colours are for terminals; the variable NO_COLOR switches them off. */
  static boolean isColored(CommandSpec spec) {
    return spec.commandLine().getColorScheme().ansi() == CommandLine.Help.Ansi.AUTO
        && CommandLine.Help.Ansi.AUTO.enabled();
  }
}
