/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import rowlock.realm.server.ServerException;
import rowlock.realm.source.RealmSourceException;

/** Renders the realm, compares it with a server, and changes the server. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
@Command(
    name = "realm",
    mixinStandardHelpOptions = true,
    version = "Rowlock realm",
    description = "Renders the realm, compares it with a server, and changes the server.",
    subcommands = {RenderCommand.class, PlanCommand.class, ApplyCommand.class, VerifyCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    exitCodeOnInvalidInput = ExitCode.ERROR,
    exitCodeOnExecutionException = ExitCode.ERROR)
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private final Map<String, String> environment;

  private Main(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Exits with 0, with 1 after an error, or with 2 if a plan has changes. */
  @SuppressWarnings("SystemOut") // output of a command
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, System.out.charset());
    var err = new PrintWriter(System.err, true, System.err.charset());
    System.exit(run(args, System.getenv(), out, err));
  }

  /** Runs a command and returns its exit code. */
  public static int run(
      String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    return new CommandLine(new Main(Map.copyOf(environment)))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Main::reportInvalid)
        .setExecutionExceptionHandler(Main::report)
        .execute(args);
  }

  private static int reportInvalid(CommandLine.ParameterException e, String[] ignored) {
    var command = e.getCommandLine();
    command.getErr().println(e.getMessage());
    command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.ERROR;
  }

  /** Expected failures are one line; others are faults of the program and keep their trace. */
  private static int report(Exception e, CommandLine command, CommandLine.ParseResult ignored)
      throws Exception {
    if (e instanceof RealmSourceException || e instanceof ServerException) {
      command.getErr().println(e.getMessage());
      return ExitCode.ERROR;
    }
    throw e;
  }

  Map<String, String> environment() {
    return environment;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "A command is required");
  }
}
