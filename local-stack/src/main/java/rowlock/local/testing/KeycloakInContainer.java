/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import dasniko.testcontainers.keycloak.KeycloakContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.images.PullPolicy;
import org.testcontainers.utility.MountableFile;
import rowlock.local.cache.Distribution;
import rowlock.local.keycloak.KeycloakHome;
import rowlock.local.keycloak.KeycloakProgram;
import rowlock.local.keycloak.KeycloakSettings;
import rowlock.local.keycloak.ProviderJar;
import rowlock.local.system.RunningServer;
import rowlock.local.system.StackFailure;

/** Runs Keycloak in a container. The first start builds the server for its options. */
final class KeycloakInContainer implements KeycloakProgram {
  private static final String IMPORTS = "/opt/keycloak/data/import/";

  private static final String CONFIGURATION = "/opt/keycloak/conf/quarkus.properties";

  /** The user of the image, whose id is not ours, must be able to read the file. */
  private static final int READABLE = 0644;

  /** The same options as a process has, see KeycloakCommand. */
  private static final String JVM =
      "-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC -Xms64m -Xmx512m";

  private final KeycloakSettings settings;
  private @Nullable ServerContainer container;

  KeycloakInContainer(KeycloakSettings settings) {
    this.settings = settings;
  }

  static String image() {
    return "quay.io/keycloak/keycloak:" + Distribution.load().keycloakVersion();
  }

  @Override
  public RunningServer start(List<String> options, Map<String, String> environment, Path log) {
    if (container == null) {
      container = new ServerContainer(define(options, environment), log);
    }
    container.start();
    return container;
  }

  @SuppressWarnings("resource")
  private KeycloakContainer define(List<String> options, Map<String, String> environment) {
    var spec = settings.spec();
    var keycloak =
        new KeycloakContainer(image())
            .withImagePullPolicy(PullPolicy.defaultPolicy())
            .withProductionMode()
            .withEnabledMetrics()
            .withCustomCommand("--db=postgres")
            .withProviderLibsFrom(providers().stream().map(Path::toFile).toList())
            .withEnv("JAVA_OPTS_APPEND", JVM)
            .withEnv(environment);
    if (!spec.features().isEmpty()) {
      keycloak.withFeaturesEnabled(spec.features().toArray(String[]::new));
    }
    for (var realm : spec.realmFiles()) {
      keycloak.withCopyFileToContainer(readable(realm), IMPORTS + realm.getFileName());
    }
    keycloak.withCopyFileToContainer(readable(quarkusProperties()), CONFIGURATION);
    for (var option : options) {
      keycloak.withCustomCommand(option);
      namedFile(option)
          .forEach(file -> keycloak.withCopyFileToContainer(readable(file), file.toString()));
    }
    return keycloak;
  }

  private static MountableFile readable(Path file) {
    return MountableFile.forHostPath(file, READABLE);
  }

  /**
   * Returns the file of this machine that an option names. The container has it under the same
   * name.
   */
  private static Stream<Path> namedFile(String option) {
    var value = option.substring(option.indexOf('=') + 1);
    return value.startsWith("/") && Files.isRegularFile(Path.of(value))
        ? Stream.of(Path.of(value))
        : Stream.of();
  }

  private Path quarkusProperties() {
    var file = settings.directories().directory().resolve("quarkus.properties");
    try {
      Files.createDirectories(settings.directories().directory());
      KeycloakHome.writeQuarkusProperties(file);
      return file;
    } catch (IOException e) {
      throw StackFailure.writing(file, e);
    }
  }

  private List<Path> providers() {
    var jars = settings.directories().directory().resolve("providers");
    try {
      Files.createDirectories(jars);
      for (var provider : settings.spec().providers()) {
        ProviderJar.read(provider).writeTo(jars);
      }
      try (var written = Files.list(jars)) {
        return written.sorted().toList();
      }
    } catch (IOException e) {
      throw StackFailure.writing(jars, e);
    }
  }
}
