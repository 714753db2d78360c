/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import rowlock.local.cache.Cache;
import rowlock.local.cache.Distribution;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;

/** Unpacks the PostgreSQL programs from the class path into the cache. */
final class PostgresBinaries {
  private static final long UNPACKED_BYTES = 150L << 20;

  private PostgresBinaries() {}

  /** Returns the directory that contains {@code bin}, {@code lib} and {@code share}. */
  static Path provide(Cache cache, Progress progress) {
    var name = "postgresql-" + Distribution.load().postgresVersion() + "-" + platform();
    return cache.entry(
        name,
        UNPACKED_BYTES,
        directory -> {
          var step = progress.begin("Unpacking PostgreSQL, first time only");
          unpack(directory);
          step.done();
        });
  }

  private static void unpack(Path directory) throws IOException {
    var archive = "/postgres-" + platform() + ".txz";
    var resource = PostgresBinaries.class.getResourceAsStream(archive);
    if (resource == null) {
      throw new StackFailure(
          "The class path has no PostgreSQL for this platform ("
              + platform()
              + "): Linux and macOS, x86_64 and ARM, are supported.");
    }
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(resource)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(tar, entry, directory);
      }
    }
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory)
      throws IOException {
    var target = entry.resolveIn(directory);
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      var executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  private static String platform() {
    var os =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    var arch = System.getProperty("os.arch");
    return os + "-" + (arch.equals("aarch64") ? "arm_64" : "x86_64");
  }
}
