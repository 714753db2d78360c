/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rowlock.local.system.Jdk;
import rowlock.local.system.Orphans;

/**
 * Builds Keycloak's command line without its shell script. If that shell were killed, it would
 * leave the server running.
 */
final class KeycloakCommand {
  /** Uses the first compiler only: a short run does not regain the cost of the second. */
  static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

  private KeycloakCommand() {}

  /**
   * Returns the command, which runs in the home directory.
   *
   * @param stack directory of the stack that the process belongs to
   * @param jvm further options of the JVM
   * @param arguments arguments of the script
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
            // a relative path, so that the class archive fits the home of each server
            "lib/quarkus-run.jar",
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
    command.addAll(arguments);
    return command;
  }
}
