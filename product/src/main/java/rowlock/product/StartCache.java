/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rowlock.local.LocalStack;
import rowlock.local.cache.AotCache;
import rowlock.local.system.StackFailure;

/**
 * Prepares the next start of this build: the file for the script {@code start}, and the JVM's cache
 * of task-api and task-web. The cache is made in the background, after this start. A start without
 * it only takes longer, so no failure here ends the stack.
 */
final class StartCache {
  /** The system property by which the script names the cache that it starts this JVM with. */
  private static final String USED = "rowlock.start.cache";

  private StartCache() {}

  /**
   * Prepares the next start.
   *
   * @param target directory of the build's output; without it there is no next start to prepare
   * @param settings of task-api and task-web, such as {@code --rowlock.issuer=...}
   */
  static void prepare(LocalStack stack, Path target, Stream<String> settings) throws IOException {
    var used = System.getProperty(USED);
    if (used != null) {
      deleteIfRejected(Path.of(used));
      return;
    }
    if (!Files.isDirectory(target)) {
      return;
    }
    var classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .toList();
    StartFile.write(target, classPath, null);
    var environment = environment(settings);
    Thread.ofPlatform()
        .daemon()
        .name("start-cache")
        .start(() -> make(stack, target, classPath, environment));
  }

  /**
   * Deletes a cache that the JVM has rejected, for example because it is damaged. The next start
   * runs without one and makes another.
   */
  private static void deleteIfRejected(Path cache) throws IOException {
    var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm.getVMOption("UseSharedSpaces").getValue().equals("false")) {
      Files.deleteIfExists(cache);
    }
  }

  private static void make(
      LocalStack stack, Path target, List<Path> classPath, Map<String, String> environment) {
    if (stack.keycloak().handle((server, failure) -> failure != null).join()) {
      return;
    }
    var cache = stack.startCache();
    // Keycloak gets the extension as it is on the class path, and its build depends on that
    var extension = Product.extension();
    var cached =
        classPath.stream()
            .filter(entry -> Files.exists(entry) && !entry.equals(extension))
            .toList();
    try {
      var found = cache.find(cached);
      var program =
          found == null ? cache.make(cached, TrainingRun.class.getName(), environment) : found;
      List<Path> all = new ArrayList<>(program.classPath());
      all.add(extension);
      StartFile.write(target, classPath, new AotCache.Program(all, program.file()));
    } catch (IOException | StackFailure e) {
      if (!cache.isStopped()) {
        System.err.println(
            "Preparing a faster start failed; the next start takes as long as this one. Cause: "
                + e.getMessage());
      }
    }
  }

  /** Returns the settings as environment variables: a command line is visible to other users. */
  private static Map<String, String> environment(Stream<String> settings) {
    Map<String, String> variables =
        settings
            .map(setting -> setting.substring(2).split("=", 2))
            .collect(
                Collectors.toMap(
                    parts -> parts[0].replace('.', '_').toUpperCase(Locale.ROOT),
                    parts -> parts[1],
                    (first, same) -> same,
                    HashMap::new));
    variables.putAll(TrainingRun.PORTS);
    return variables;
  }
}
