/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import rowlock.local.cache.Cache;
import rowlock.local.cache.Secrets;
import rowlock.local.system.ChildProcess;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.DiskSpace;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;

/**
 * Manages the files of a PostgreSQL server: {@code data}, {@code password} (the superuser's,
 * readable only to its owner) and {@code log}. initdb creates an empty cluster once; further ones
 * are copies.
 */
record PostgresCluster(Path directory) {
  private static final long CLUSTER_BYTES = 300L << 20;

  Path data() {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("log");
  }

  String password() {
    try {
      return Files.readString(passwordFile()).strip();
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }

  private Path passwordFile() {
    return directory.resolve("password");
  }

  boolean exists() {
    return Files.exists(data().resolve("PG_VERSION"));
  }

  /** Copies a stopped cluster atomically. The copy is on the disk before it is used. */
  void cloneFrom(PostgresCluster template, Path binaries, PostgresAccount account) {
    var unfinished =
        new PostgresCluster(directory.resolveSibling(directory.getFileName() + ".unfinished"));
    try {
      var parent = directory.resolve("..").normalize();
      Files.createDirectories(parent);
      DiskSpace.require(parent, CLUSTER_BYTES);
      DirectoryTree.delete(directory);
      DirectoryTree.delete(unfinished.directory());
      DirectoryTree.copy(template.directory(), unfinished.directory());
      Files.deleteIfExists(unfinished.log());
      account.own(unfinished.data());
      run(
          account,
          unfinished,
          List.of(
              binaries.resolve("bin/initdb").toString(),
              "--sync-only",
              unfinished.data().toString()));
      Files.move(unfinished.directory(), directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }

  /** Returns the cached empty cluster. */
  static PostgresCluster empty(
      Cache cache, Path binaries, PostgresAccount account, Progress progress) {
    var owner = account.hasOwnFiles() ? "-nobody" : "";
    var name = binaries.getFileName() + "-cluster" + owner;
    return new PostgresCluster(
        cache.entry(
            name,
            CLUSTER_BYTES,
            directory -> {
              var step = progress.begin("Making an empty PostgreSQL database, first time only");
              new PostgresCluster(directory).initialize(binaries, account);
              step.done();
            }));
  }

  private void initialize(Path binaries, PostgresAccount account) throws IOException {
    account.requireAccess(binaries.resolve("bin/initdb"));
    Secrets.write(passwordFile(), Secrets.generate());
    Files.createDirectory(data());
    account.own(directory);
    // the builtin locale sorts the same on every machine and needs no installed locale
    run(
        account,
        this,
        List.of(
            binaries.resolve("bin/initdb").toString(),
            "--pgdata=" + data(),
            "--username=" + PostgresServer.SUPERUSER,
            "--pwfile=" + passwordFile(),
            // the password is random, so more iterations would only slow down each connection
            "--set=scram_iterations=1",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums"));
  }

  private static void run(PostgresAccount account, PostgresCluster cluster, List<String> command) {
    var process =
        ChildProcess.start(
            account.command(command), cluster.directory(), cluster.log(), Map.of("LC_ALL", "C"));
    if (process.await() != 0) {
      throw StackFailure.ended(
          cluster.log(), "PostgreSQL's " + Path.of(command.getFirst()).getFileName() + " failed");
    }
  }
}
