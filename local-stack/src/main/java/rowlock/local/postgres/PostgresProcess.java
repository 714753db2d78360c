/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rowlock.local.cache.Cache;
import rowlock.local.system.ChildProcess;
import rowlock.local.system.Orphans;
import rowlock.local.system.RunningServer;

/** Runs PostgreSQL from its binaries, as a child process. */
record PostgresProcess(Path stack, PostgresCluster cluster, PostgresAccount account, Path binaries)
    implements PostgresProgram {

  /** Prepares the server, and creates the data if they do not exist. */
  static PostgresProcess prepare(PostgresSettings settings, PostgresAccount account) {
    var cluster = new PostgresCluster(settings.directories().directory());
    var cache = new Cache(settings.directories().cache());
    var binaries = PostgresBinaries.provide(cache, settings.progress());
    account.requireAccess(binaries.resolve("bin/postgres"));
    if (!cluster.exists()) {
      var template =
          settings.template() == null
              ? PostgresCluster.empty(cache, binaries, account, settings.progress())
              : new PostgresCluster(settings.template());
      cluster.cloneFrom(template, binaries, account);
    }
    return new PostgresProcess(settings.directories().stack(), cluster, account, binaries);
  }

  @Override
  public String password() {
    return cluster.password();
  }

  @Override
  public Path log() {
    return cluster.log();
  }

  @Override
  public RunningServer start(List<String> settings) {
    var command =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/postgres").toString(),
                "-D",
                cluster.data().toString(),
                "-c",
                Orphans.marker(stack),
                "-c",
                "unix_socket_directories="));
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return ChildProcess.start(
        account.command(command), cluster.directory(), cluster.log(), Map.of("LC_ALL", "C"));
  }

  /**
   * Reads the server's state from the last line of its pid file. A file from before a crash has
   * another pid.
   */
  @Override
  public boolean isReady(RunningServer started, String jdbcUrl) {
    try {
      var lines = Files.readAllLines(cluster.data().resolve("postmaster.pid"));
      return lines.size() >= 8
          && lines.getFirst().strip().equals(Long.toString(started.pid()))
          // a hot standby reports another state
          && List.of("ready", "standby").contains(lines.get(7).strip());
    } catch (IOException e) {
      return false;
    }
  }
}
