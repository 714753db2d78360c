/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rowlock.realm.RenderedRealm;

/** Writes the realm for Keycloak's import into an empty database. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = "Writes the realm for Keycloak's import into an empty database.",
    exitCodeOnInvalidInput = ExitCode.ERROR,
    exitCodeOnExecutionException = ExitCode.ERROR)
final class RenderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Main main;
  @Mixin private SourceOptions source;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "File to write.")
  private Path file;

  @Override
  public Integer call() {
    var realm = RenderedRealm.of(source.read(main.environment()));
    try {
      realm.writeTo(file);
    } catch (IOException e) {
      spec.commandLine().getErr().println("Writing failed: " + file + ": " + e.getMessage());
      return ExitCode.ERROR;
    }
    realm.notes().forEach(spec.commandLine().getErr()::println);
    spec.commandLine().getOut().println(file + "  sha256 " + realm.sha256());
    return ExitCode.OK;
  }
}
