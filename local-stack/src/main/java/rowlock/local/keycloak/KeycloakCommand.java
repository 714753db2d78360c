/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rowlock.local.system.Jdk;
import rowlock.local.system.Orphans;

/**
 * Keycloak's command line without its shell script, which would stand between us and the server: a
 * killed shell leaves it running.
 */
final class KeycloakCommand {
  /** For short runs: what the second compiler costs is never earned back. */
  static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

  private KeycloakCommand() {}

  /**
   * The command, to be run in the home directory.
   *
   * @param stack whose process it is
   * @param jvm further options of the JVM
   * @param arguments what the script would get
   */
  static List<String> java(Path home, Path stack, List<String> jvm, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Jdk.java().toString());
    command.add("-D" + Orphans.marker(stack));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xms64m",
            "-Xmx512m",
            "-XX:MetaspaceSize=96M",
            "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-Duser.language=en",
            "-Duser.country=US",
            "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
            "-Dpicocli.disable.closures=true",
            "-Dquarkus-log-max-startup-records=10000",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dkc.home.dir=" + home,
            "-Djboss.server.config.dir=" + home.resolve("conf"),
            "-cp",
            // relative, so that the class archive fits every server's home
            "lib/quarkus-run.jar",
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
    command.addAll(arguments);
    return command;
  }
}
