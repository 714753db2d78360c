/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.config.HttpOptions;
import rowlock.local.testing.TestServers;

/**
 * Checks that each variable in the deployment is read by its service, and that required ones are
 * set.
 */
class EnvironmentTest {
  /** Variables of Spring Boot and the JVM; the tests of task-api start it with them. */
  private static final Set<String> PLATFORM =
      Set.of(
          "SPRING_CONFIG_IMPORT",
          "SERVER_SSL_BUNDLE",
          "SPRING_SSL_BUNDLE_PEM_INSIDE_KEYSTORE_CERTIFICATE",
          "SPRING_SSL_BUNDLE_PEM_INSIDE_KEYSTORE_PRIVATEKEY",
          "SPRING_SSL_BUNDLE_PEM_INSIDE_RELOADONUPDATE",
          "JDK_JAVA_OPTIONS");

  private static final Pattern NAME = Pattern.compile("\"(ROWLOCK_[A-Z_]+)\"");
  private static final Pattern REQUIRED = Pattern.compile("required\\(\\s*\"(ROWLOCK_[A-Z_]+)\"");
  private static final Pattern PLACEHOLDER = Pattern.compile("ROWLOCK_[A-Z0-9_]+");
  private static final JsonNode COMPOSE =
      Manifests.read(Manifests.ROOT.resolve("docker-compose.yml")).getFirst();

  @ParameterizedTest
  @CsvSource({"task-api, api", "task-web, web"})
  void variables_areReadByTheirService(String service, String inCompose) {
    var read = names("service-support/src/main/java", NAME);
    sources(service).forEach(folder -> read.addAll(names(folder, NAME)));
    assertThat(read).contains("ROWLOCK_ISSUER").hasSizeGreaterThan(10);
    assertThat(manifest(service)).allMatch(name -> read.contains(name) || PLATFORM.contains(name));
    assertThat(compose(inCompose)).allMatch(name -> read.contains(name) || PLATFORM.contains(name));
  }

  @ParameterizedTest
  @CsvSource({"task-api, api", "task-web, web"})
  void requiredVariables_areSet(String service, String inCompose) {
    Set<String> required = new TreeSet<>();
    sources(service).forEach(folder -> required.addAll(names(folder, REQUIRED)));
    assertThat(required).hasSizeGreaterThan(4);
    assertThat(manifest(service)).containsAll(required);
    Set<String> secrets = new TreeSet<>();
    References.secretFiles().values().stream()
        .flatMap(fields -> fields.keySet().stream())
        .filter(name -> name.startsWith("rowlock."))
        .forEach(name -> secrets.add(variable(name)));
    secrets.addAll(compose(inCompose));
    assertThat(secrets).containsAll(required);
  }

  /** Without these, each replica would generate its own, or no replica would start. */
  @ParameterizedTest
  @CsvSource({
    "task-api, api, ROWLOCK_CLIENT_KEY_FILE",
    "task-web, web, ROWLOCK_WEB_CLIENT_KEY_FILE",
    "task-web, web, ROWLOCK_WEB_SESSION_KEY_FILE"
  })
  void variablesSharedByReplicas_areSet(String service, String inCompose, String variable) {
    assertThat(manifest(service)).contains(variable);
    assertThat(compose(inCompose)).contains(variable);
  }

  /** No pod is allowed to use plain HTTP. */
  @ParameterizedTest
  @CsvSource({"task-api", "task-web"})
  void pods_useTls(String service) {
    assertThat(manifest(service)).doesNotContain("ROWLOCK_HTTP_ALLOWED");
  }

  /**
   * Returns the folders whose code reads variables of the service; for task-api that is its engine.
   */
  private static List<String> sources(String service) {
    return service.equals("task-api")
        ? List.of("task-api/src/main/java", "resource-server/src/main/java")
        : List.of(service + "/src/main/java");
  }

  /** Returns the variables of the container, including those from its Secrets. */
  private static Set<String> manifest(String service) {
    Set<String> names = new TreeSet<>();
    var pod = Manifests.base().one("Deployment", service).spec().at("/template/spec");
    var container = pod.at("/containers/0");
    container.path("env").forEach(variable -> names.add(variable.path("name").asText()));
    var tree = ManifestReferencesTest.environment(container).get("SPRING_CONFIG_IMPORT");
    References.files(pod, container).stream()
        .filter(file -> file.startsWith(tree.substring("configtree:".length())))
        .forEach(file -> names.add(variable(file.substring(file.lastIndexOf('/') + 1))));
    return names;
  }

  private static Set<String> compose(String service) {
    var environment = COMPOSE.path("services").path(service).path("environment");
    assertThat(environment.isObject()).isTrue();
    return Manifests.map(environment).keySet();
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  @Test
  void variablesOfTheRealm_areReadByIt() {
    var read = names("realm-config/realm", PLACEHOLDER);
    assertThat(compose("setup")).isSubsetOf(read);
  }

  @Test
  void clusterSettings_areUsed() {
    Set<String> used = new TreeSet<>();
    for (var deployment : Manifests.base().kind("Deployment")) {
      deployment
          .spec()
          .at("/template/spec/containers/0/env")
          .forEach(variable -> used.add(variable.at("/valueFrom/configMapKeyRef/key").asText()));
    }
    for (var replacement :
        Manifests.read(Manifests.OVERLAY.resolve("replacements.yaml")).getFirst()) {
      used.add(replacement.at("/source/fieldPath").asText().replace("data.", ""));
    }
    var settings = Manifests.settings(Manifests.BASE);
    assertThat(used).containsAll(settings.keySet());
    assertThat(settings.keySet()).containsAll(Manifests.settings(Manifests.OVERLAY).keySet());
    assertThat(settings.get("ROWLOCK_ISSUER"))
        .isEqualTo(settings.get("ROWLOCK_KEYCLOAK_URL") + "/realms/rowlock");
  }

  @Test
  void keycloakVariables_areOptionsOfKeycloak() throws Exception {
    var options = keycloakOptions();
    assertThat(options).contains("proxy-headers", "db-url").hasSizeGreaterThan(100);
    options.add(TestServers.PUSH_TARGETS.substring("--".length())); // of the extensions
    Set<String> variables = new TreeSet<>();
    options.forEach(
        option -> variables.add("KC_" + option.toUpperCase(Locale.ROOT).replace('-', '_')));
    assertThat(compose("keycloak")).isSubsetOf(variables);
    var more = Manifests.base().kind("Keycloak").getFirst().spec().path("additionalOptions");
    assertThat(more)
        .isNotEmpty()
        .allMatch(option -> options.contains(option.path("name").asText()));
  }

  /** Returns the options from the constants in the classes of the Keycloak version that we run. */
  private static Set<String> keycloakOptions() throws Exception {
    var jar =
        Path.of(HttpOptions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> options = new TreeSet<>();
    try (var files = FileSystems.newFileSystem(jar);
        var classes = Files.list(files.getPath("/org/keycloak/config"))) {
      classes
          .filter(file -> file.toString().endsWith("Options.class"))
          .forEach(
              file ->
                  strings(file)
                      .filter(text -> text.matches("[a-z]+(-[a-z0-9]+)*"))
                      .forEach(options::add));
    }
    return options;
  }

  private static Stream<String> strings(Path file) {
    try (var bytes = Files.newInputStream(file)) {
      Set<String> strings = new TreeSet<>();
      ClassFile.of()
          .parse(bytes.readAllBytes())
          .constantPool()
          .forEach(
              entry -> {
                if (entry instanceof StringEntry text) {
                  strings.add(text.stringValue());
                }
              });
      return strings.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> names(String folder, Pattern pattern) {
    try (var files = Files.walk(Manifests.ROOT.resolve(folder))) {
      Set<String> names = new TreeSet<>();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
          names.add(matcher.group(matcher.groupCount()));
        }
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
