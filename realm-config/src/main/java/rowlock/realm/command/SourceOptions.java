/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rowlock.realm.Realm;
import rowlock.realm.source.DeclaredRealm;
import rowlock.realm.source.RealmSource;
import rowlock.realm.source.StageValues;

/** Options that choose the source and the values of its placeholders. */
final class SourceOptions {
  @Option(
      names = "--source",
      paramLabel = "FOLDER",
      description = "Folder with the source of a realm. Default: the source in this program.")
  private @Nullable Path folder;

  @Option(
      names = "--realm",
      paramLabel = "NAME",
      defaultValue = Realm.NAME,
      description =
          "Realm of this program: ${DEFAULT-VALUE} or "
              + Realm.MASTER
              + ". Default: ${DEFAULT-VALUE}. Ignored with --source.")
  private String realm = Realm.NAME;

  @Option(
      names = "--without-extensions",
      description = "Without the files in extensions/, for a server without our jar.")
  private boolean withoutExtensions;

  @SuppressWarnings("UnusedVariable") // the default, so that a build can name either
  @Option(names = "--with-extensions", hidden = true, description = "The default.")
  private boolean withExtensions;

  @Option(
      names = "--values",
      paramLabel = "FILE",
      description = "File with the values of each stage. Default: only the environment.")
  private @Nullable Path values;

  @Option(
      names = "--stage",
      paramLabel = "NAME",
      defaultValue = "production",
      description = "Stage in the file with the values. Default: ${DEFAULT-VALUE}.")
  private String stage = "production";

  /** Returns the name of the realm before its source is read. */
  String name() {
    return folder == null ? realm : folder.getFileName().toString();
  }

  DeclaredRealm read(Map<String, String> environment) {
    var resolved =
        values == null ? StageValues.of(environment) : StageValues.read(values, stage, environment);
    return folder == null
        ? Realm.declared(realm, resolved, !withoutExtensions)
        : RealmSource.read(folder, resolved, !withoutExtensions);
  }
}
