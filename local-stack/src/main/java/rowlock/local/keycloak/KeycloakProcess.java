/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rowlock.local.cache.Cache;
import rowlock.local.system.ChildProcess;
import rowlock.local.system.RunningServer;

/** Keycloak from its distribution, as a child process. */
record KeycloakProcess(KeycloakSettings settings, KeycloakBuild build, KeycloakHome home)
    implements KeycloakProgram {

  /** Builds it if the cache has no fitting one. */
  static KeycloakProcess prepare(KeycloakSettings settings) {
    var directories = settings.directories();
    var wanted = settings.wanted();
    var providers = wanted.providers().stream().map(ProviderJar::read).toList();
    var build =
        KeycloakBuild.provide(
            new Cache(directories.cache()),
            directories.stack(),
            providers,
            wanted.features(),
            settings.progress());
    var home =
        KeycloakHome.create(
            directories.directory().resolve("home"), build, providers, wanted.realmFiles());
    return new KeycloakProcess(settings, build, home);
  }

  @Override
  public RunningServer start(List<String> options, Map<String, String> environment, Path log) {
    var arguments = new ArrayList<>(List.of("start", "--optimized"));
    if (!settings.wanted().realmFiles().isEmpty()) {
      arguments.add("--import-realm");
    }
    arguments.addAll(options);
    var jvm =
        new ArrayList<>(
            settings.quickSignatures()
                ? List.of(
                    "-XX:+UnlockDiagnosticVMOptions",
                    // it would say how many directives there are, in a log of JSON
                    "-XX:-DisplayVMOutput",
                    "-XX:CompilerDirectivesFile=conf/" + KeycloakHome.COMPILER_DIRECTIVES)
                : List.of(KeycloakCommand.FIRST_COMPILER_ONLY));
    jvm.addAll(
        List.of(
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + build.archive(),
            "-Xlog:cds=off",
            "-Xlog:aot=off"));
    var command =
        KeycloakCommand.java(home.directory(), settings.directories().stack(), jvm, arguments);
    return ChildProcess.start(command, home.directory(), log, environment);
  }
}
