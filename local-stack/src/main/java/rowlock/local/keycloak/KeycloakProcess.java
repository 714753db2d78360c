/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rowlock.local.cache.Cache;
import rowlock.local.system.ChildProcess;
import rowlock.local.system.RunningServer;

/** Runs Keycloak from its distribution, as a child process. */
record KeycloakProcess(KeycloakSettings settings, KeycloakBuild build, KeycloakHome home)
    implements KeycloakProgram {

  /** Prepares the server, and builds it if the cache has no build for these settings. */
  static KeycloakProcess prepare(KeycloakSettings settings) {
    var directories = settings.directories();
    var spec = settings.spec();
    var providers = spec.providers().stream().map(ProviderJar::read).toList();
    var build =
        KeycloakBuild.provide(
            new Cache(directories.cache()),
            directories.stack(),
            providers,
            spec.features(),
            settings.progress());
    var home =
        KeycloakHome.create(
            directories.directory().resolve("home"), build, providers, spec.realmFiles());
    return new KeycloakProcess(settings, build, home);
  }

  @Override
  public RunningServer start(List<String> options, Map<String, String> environment, Path log) {
    var arguments = new ArrayList<>(List.of("start", "--optimized"));
    if (!settings.spec().realmFiles().isEmpty()) {
      arguments.add("--import-realm");
    }
    arguments.addAll(options);
    var jvm = new ArrayList<>(compilation());
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

  private List<String> compilation() {
    return switch (settings.compilation()) {
      case FIRST_COMPILER -> List.of(KeycloakCommand.FIRST_COMPILER_ONLY);
      case FIRST_COMPILER_AND_SIGNATURES ->
          List.of(
              "-XX:+UnlockDiagnosticVMOptions",
              // the JVM would print the number of directives into a log of JSON lines
              "-XX:-DisplayVMOutput",
              "-XX:CompilerDirectivesFile=conf/" + KeycloakHome.COMPILER_DIRECTIVES);
      case BOTH_COMPILERS -> List.of();
    };
  }
}
