/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import rowlock.local.system.ChildProcess;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.DiskSpace;
import rowlock.local.system.Jdk;
import rowlock.local.system.Orphans;
import rowlock.local.system.StackFailure;

/**
 * Keeps the JVM's cache of loaded and linked classes (JEP 483) of one program, with which it starts
 * in less time. A cache is valid for one state of the class path and one JVM. It takes classes from
 * jars only, so directories of classes are packed into jars.
 *
 * <p>Only one JVM at a time may use a directory. The lock of the stack ensures that.
 */
public final class AotCache {
  private static final String FILE = "program.aot";
  private static final String UNFINISHED = ".unfinished";
  private static final long NEEDED_BYTES = 500L << 20;
  private static final int KEY_LENGTH = 16;
  private static final Path NICE = Path.of("/usr/bin/nice");

  /**
   * The same compiler and collector as those of the launcher: the JVM checks some of its options.
   */
  private static final List<String> LAUNCHER_OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Path directory;
  private final Path stack;
  private volatile @Nullable ChildProcess running;
  private volatile boolean stopped;

  /**
   * @param directory of this cache alone
   * @param stack directory of the stack, which a process names on its command line
   */
  public AotCache(Path directory, Path stack) {
    this.directory = directory;
    this.stack = stack;
  }

  /**
   * A program with its cache.
   *
   * @param classPath jars; further entries may follow
   * @param file the cache
   */
  public record Program(List<Path> classPath, Path file) {
    /** Copies the list. */
    public Program {
      classPath = List.copyOf(classPath);
    }
  }

  /**
   * Returns the program with its cache, or null if there is none for the present state of the class
   * path and this JVM.
   */
  public @Nullable Program find(List<Path> classPath) throws IOException {
    var entry = directory.resolve(key(classPath));
    var file = entry.resolve(FILE);
    return Files.isRegularFile(file) ? new Program(jars(classPath, entry), file) : null;
  }

  /**
   * Makes the cache by a run of the program with low priority, and deletes those of other states.
   *
   * @param classPath jars and directories of classes
   * @param main class that runs the program as usual and then ends
   * @param environment variables of that run
   * @throws StackFailure if the run fails; the message names its log
   */
  public Program make(List<Path> classPath, String main, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(directory);
    DiskSpace.require(directory, NEEDED_BYTES);
    var entry = directory.resolve(key(classPath));
    deleteExcept(entry, classPath);
    DirectoryTree.delete(entry);
    Files.createDirectory(entry);
    var log = entry.resolve("make.log");
    var jars = jars(classPath, entry);
    for (var i = 0; i < jars.size(); i++) {
      if (Files.isDirectory(classPath.get(i))) {
        pack(classPath.get(i), jars.get(i));
      }
    }
    var recording = entry.resolve("program.aotconf");
    var unfinished = entry.resolve(FILE + UNFINISHED);
    run(
        jars,
        List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording),
        main,
        environment,
        log);
    run(
        jars,
        List.of(
            "-XX:AOTMode=create",
            "-XX:AOTConfiguration=" + recording,
            "-XX:AOTCache=" + unfinished),
        main,
        Map.of(),
        log);
    Files.delete(recording);
    // the JVM that reads the cache finds it complete or not at all
    var file = Files.move(unfinished, entry.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    return new Program(jars, file);
  }

  /** Kills the run of {@link #make}, which then fails. */
  public void stop() {
    stopped = true;
    var process = running;
    if (process != null) {
      process.kill();
    }
  }

  /** Returns whether {@link #stop} was called. */
  public boolean isStopped() {
    return stopped;
  }

  private void run(
      List<Path> jars,
      List<String> options,
      String main,
      Map<String, String> environment,
      Path log) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", "19"));
    }
    command.add(Jdk.java().toString());
    command.addAll(LAUNCHER_OPTIONS);
    command.addAll(options);
    command.add("-D" + Orphans.marker(stack));
    command.add("-cp");
    command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(main);
    var process = ChildProcess.start(command, directory, log, environment);
    running = process;
    if (stopped) {
      process.kill();
    }
    var status = process.await();
    running = null;
    if (status != 0) {
      throw new StackFailure("status " + status + ", see " + log);
    }
  }

  /** Returns the class path with the packed jar in place of each directory. */
  private static List<Path> jars(List<Path> classPath, Path entry) {
    List<Path> jars = new ArrayList<>();
    for (var i = 0; i < classPath.size(); i++) {
      var path = classPath.get(i);
      jars.add(Files.isDirectory(path) ? entry.resolve("classes-" + i + ".jar") : path);
    }
    return jars;
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (var file : files.sorted().toList()) {
        var name = classes.relativize(file).toString();
        // libraries search for resources by the entries of their directories
        if (Files.isDirectory(file) && !name.isEmpty()) {
          zip.putNextEntry(new ZipEntry(name + "/"));
        } else if (Files.isRegularFile(file)) {
          zip.putNextEntry(new ZipEntry(name));
          Files.copy(file, zip);
        }
      }
    }
  }

  /** Deletes the caches of other states, except those of running programs. */
  private void deleteExcept(Path entry, List<Path> classPath) throws IOException {
    try (var others = Files.newDirectoryStream(directory)) {
      for (var other : others) {
        if (!other.equals(entry) && classPath.stream().noneMatch(path -> path.startsWith(other))) {
          DirectoryTree.delete(other);
        }
      }
    }
  }

  /** Returns a key of everything that the JVM and the packed jars depend on. */
  private static String key(List<Path> classPath) throws IOException {
    var digest = sha256();
    update(digest, Jdk.version() + LAUNCHER_OPTIONS);
    for (var path : classPath) {
      try (var files = Files.isDirectory(path) ? Files.walk(path) : Stream.of(path)) {
        for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
          update(digest, file + " " + Files.size(file) + " " + modified(file));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, KEY_LENGTH);
  }

  private static FileTime modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is unavailable", e);
    }
  }
}
