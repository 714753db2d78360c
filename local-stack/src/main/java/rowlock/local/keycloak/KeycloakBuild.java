/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import rowlock.local.cache.Cache;
import rowlock.local.cache.Distribution;
import rowlock.local.system.ChildProcess;
import rowlock.local.system.Jdk;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;

/**
 * Describes a Keycloak in the cache that is unpacked and built for its options and extensions. It
 * is shared and read-only. Each running server has its own {@link KeycloakHome}.
 *
 * @param home the built server
 * @param archive class data sharing archive; the JVM creates and renews it
 */
record KeycloakBuild(Path home, Path archive) {
  private static final long BUILT_BYTES = 600L << 20;
  private static final int KEY_LENGTH = 16;

  /**
   * Returns the build for these settings, and makes it first if the cache has none.
   *
   * @param stack directory of the stack that runs the build
   */
  static KeycloakBuild provide(
      Cache cache,
      Path stack,
      List<ProviderJar> providers,
      List<String> features,
      Progress progress) {
    var distribution = Distribution.load();
    var options = options(features);
    var name = "keycloak-" + distribution.keycloakVersion() + "-" + key(providers, options);
    var entry =
        cache.entry(
            name,
            BUILT_BYTES,
            directory -> {
              var zip = distribution.existingKeycloakZip();
              var step =
                  progress.begin(
                      "Building Keycloak "
                          + distribution.keycloakVersion()
                          + " with the extensions, about 20 s, once for each change of them");
              var home = directory.resolve("home");
              unpack(zip, home);
              for (var provider : providers) {
                provider.writeTo(home.resolve("providers"));
              }
              build(home, options, stack, directory.resolve("build.log"));
              step.done();
            });
    return new KeycloakBuild(entry.resolve("home"), entry.resolve("classes.jsa"));
  }

  private static List<String> options(List<String> features) {
    var options =
        new ArrayList<>(
            List.of("--db=postgres", "--health-enabled=true", "--metrics-enabled=true"));
    if (!features.isEmpty()) {
      options.add("--features=" + String.join(",", features));
    }
    return options;
  }

  private static String key(List<ProviderJar> providers, List<String> options) {
    var digest = sha256();
    digest.update((Jdk.version() + options).getBytes(StandardCharsets.UTF_8));
    providers.forEach(provider -> provider.content(digest));
    return shortHex(digest);
  }

  /**
   * Returns a key of everything that the database's tables depend on: the version and those
   * extensions that may bring tables.
   */
  static String schemaKey(List<ProviderJar> providers) {
    var digest = sha256();
    providers.forEach(provider -> provider.structure(digest));
    return Distribution.load().keycloakVersion() + "-" + shortHex(digest);
  }

  private static String shortHex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, KEY_LENGTH);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is unavailable", e);
    }
  }

  private static void unpack(Path zip, Path home) throws IOException {
    try (var in = new ZipInputStream(new BufferedInputStream(Files.newInputStream(zip)))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        // the top directory of the archive carries the version in its name
        var target =
            home.resolve(entry.getName().substring(entry.getName().indexOf('/') + 1)).normalize();
        if (!target.startsWith(home)) {
          throw new StackFailure(
              "The Keycloak distribution "
                  + zip
                  + " is damaged: delete it and run the build again.");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.resolve("..").normalize());
          Files.copy(in, target);
          Files.setLastModifiedTime(target, entry.getLastModifiedTime());
        }
      }
    }
  }

  private static void build(Path home, List<String> options, Path stack, Path log) {
    var arguments = new ArrayList<>(List.of("build"));
    arguments.addAll(options);
    var process =
        ChildProcess.start(
            KeycloakCommand.java(
                home, stack, List.of(KeycloakCommand.FIRST_COMPILER_ONLY), arguments),
            home,
            log,
            Map.of());
    if (process.await() != 0) {
      throw KeycloakLog.failure(log, "Keycloak's build failed");
    }
  }
}
