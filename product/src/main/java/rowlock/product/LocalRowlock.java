/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import rowlock.local.ApplicationDatabase;
import rowlock.local.LocalStack;
import rowlock.local.LocalStackSettings;
import rowlock.local.StackRealm;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;
import rowlock.local.system.StackPort;
import rowlock.realm.Realm;
import rowlock.realm.RenderedRealm;

/**
 * Starts PostgreSQL, Keycloak with the extension and the realm, and task-api and task-web in this
 * JVM. {@code ROWLOCK_*} variables change the default ports. Ctrl-C stops all servers.
 */
public final class LocalRowlock {
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);

  // the output is for users: it contains no messages of the frameworks
  static final List<String> FEW_LINES =
      List.of(
          "--logging.level.root=warn",
          "--logging.level.org.springdoc=error",
          "--logging.level.rowlock=info",
          "--spring.main.log-startup-info=false");

  // relative to this module, the working directory of the first command
  private static final Path PAGE = Path.of("../task-web/src/main/resources/page");

  private static final Path TARGET = Path.of("target");

  private static final String APPLICATION_NAME = "[a-z][a-z0-9_]{0,30}";

  // Databases and prefixes of logins that the stack itself uses.
  private static final Set<String> TAKEN_NAMES =
      Set.of("keycloak", "postgres", "sessions", "task", "tasks", "template0", "template1", "web");

  private static final String TABLE_OWNER = "rowlock_owner";

  private LocalRowlock() {}

  /** Runs the first command. Exits with status 1 if the stack cannot start. */
  public static void main(String[] arguments) throws IOException {
    try {
      start(System.getenv());
    } catch (StackFailure e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      // the application has printed the reason; threads of the stack would keep this JVM running
      System.err.println("Starting the stack failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void start(Map<String, String> environment) throws IOException {
    var api = StackPort.of("task-api", "ROWLOCK_API_PORT", 8081, environment);
    var management =
        StackPort.of(
            "task-api's health and metrics", "ROWLOCK_API_MANAGEMENT_PORT", 8082, environment);
    var web = StackPort.of("task-web", "ROWLOCK_WEB_PORT", 8000, environment);
    var webManagement =
        StackPort.of(
            "task-web's health and metrics", "ROWLOCK_WEB_MANAGEMENT_PORT", 8001, environment);

    var settings = LocalStackSettings.from(environment);
    // by default, a new user does not have to confirm an address first
    var verifyEmail = LocalStackSettings.isTrue("ROWLOCK_VERIFY_EMAIL", environment);
    var source =
        Product.declaredRealm(address(web), address(api), settings.mail().number(), verifyEmail);
    var realm = RenderedRealm.of(source);
    var file = settings.state().resolve("realm").resolve(Realm.NAME + ".json");
    realm.writeTo(file);
    var master = settings.state().resolve("realm").resolve(Realm.MASTER + ".json");
    Realm.renderMaster().writeTo(master);
    var stack =
        LocalStack.start(
            settings
                .withOtherPorts(List.of(api, management, web, webManagement))
                .withKeycloak(
                    new KeycloakSpec(List.of(Product.extension()), List.of())
                        .withOptions(
                            Product.UNLIMITED_ON_LOOPBACK,
                            Product.PUSH_TO_LOOPBACK,
                            Product.CONCURRENT_LOGINS))
                .withRealm(
                    new StackRealm(Realm.NAME, file, realm.sha256(), new RealmUpdate(source)))
                .withMaster(master),
            Progress.to(System.out));

    var apiSettings = apiSettings(stack, stack.prepareDatabase("tasks", "task"));
    var webSettings = webSettings(stack, stack.prepareDatabase("sessions", "web"), address(api));
    startApi(apiSettings);
    startWeb(webSettings);
    var further = prepareFurther(stack, environment);

    Map<String, String> links = new LinkedHashMap<>();
    links.put("Tasks", address(web) + "  <- start here: register and add a task");
    links.put(
        "API", address(api) + "/api/me/tasks (description: " + address(api) + "/swagger-ui.html)");
    links.put("Command line", "examples/device-login.sh prints an access token");
    links.put("Account", stack.issuer(Realm.NAME) + "/account");
    links.put(
        "Health, metrics",
        "/actuator/health, /actuator/prometheus on "
            + address(management)
            + " (API) and "
            + address(webManagement)
            + " (web)");
    further.forEach(
        (name, settingsFile) -> links.put("Settings of " + name, settingsFile.toString()));
    awaitKeys(stack, address(management));
    stack.announce(links);
    StartCache.prepare(stack, TARGET, Stream.of(apiSettings, webSettings).flatMap(List::stream));
  }

  private static List<String> apiSettings(LocalStack stack, ApplicationDatabase database) {
    return List.of(
        "--rowlock.issuer=" + stack.issuer(Realm.NAME),
        // the address of task-web, which forwards the address of the user
        "--rowlock.trusted.proxies=127.0.0.1,::1",
        "--rowlock.client.key.file=" + StackKeys.apiClientKey(stack),
        "--rowlock.db.url=" + database.jdbcUrl(),
        "--rowlock.db.user=" + database.user(),
        "--rowlock.db.password=" + database.password(),
        "--rowlock.db.migration.user=" + database.migrationUser(),
        "--rowlock.db.migration.password=" + database.migrationPassword());
  }

  private static List<String> webSettings(
      LocalStack stack, ApplicationDatabase database, String api) {
    return List.of(
        "--rowlock.issuer=" + stack.issuer(Realm.NAME),
        "--rowlock.api.url=" + api,
        "--rowlock.web.client.key.file=" + StackKeys.webClientKey(stack),
        "--rowlock.web.session.key.file=" + StackKeys.sessionKey(stack),
        "--rowlock.web.db.url=" + database.jdbcUrl(),
        "--rowlock.web.db.user=" + database.user(),
        "--rowlock.web.db.password=" + database.password(),
        "--rowlock.web.db.migration.user=" + database.migrationUser(),
        "--rowlock.web.db.migration.password=" + database.migrationPassword());
  }

  private static void startApi(List<String> settings) {
    Applications.taskApi(Stream.concat(FEW_LINES.stream(), settings.stream()).toList());
  }

  private static void startWeb(List<String> settings) {
    List<String> all = new ArrayList<>(FEW_LINES);
    all.addAll(settings);
    if (Files.isDirectory(PAGE)) {
      // changes of the page are visible when it is loaded again
      all.add("--rowlock.web.page.folder=" + PAGE.toAbsolutePath());
    }
    Applications.taskWeb(all);
  }

  /**
   * Prepares a database for each application that {@code ROWLOCK_DATABASES} names, and writes the
   * settings for running it on this stack.
   *
   * @return the files with the settings, by the names of the applications
   */
  private static Map<String, Path> prepareFurther(
      LocalStack stack, Map<String, String> environment) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (var part : environment.getOrDefault("ROWLOCK_DATABASES", "").split(",")) {
      var name = part.strip();
      if (name.isEmpty()) {
        continue;
      }
      if (!name.matches(APPLICATION_NAME) || TAKEN_NAMES.contains(name)) {
        throw new StackFailure(
            "ROWLOCK_DATABASES contains \"%s\": use other names of lower-case letters, digits and underscores."
                .formatted(name));
      }
      var database = stack.prepareDatabase(name, name);
      // task-api's migration has created the role, which exists once per server
      stack.postgres().allowActingAs(TABLE_OWNER, database.migrationUser());
      Map<String, String> variables = new LinkedHashMap<>();
      variables.put("ROWLOCK_ISSUER", stack.issuer(Realm.NAME));
      variables.put("ROWLOCK_DB_URL", database.jdbcUrl());
      variables.put("ROWLOCK_DB_USER", database.user());
      variables.put("ROWLOCK_DB_PASSWORD", database.password());
      variables.put("ROWLOCK_DB_MIGRATION_USER", database.migrationUser());
      variables.put("ROWLOCK_DB_MIGRATION_PASSWORD", database.migrationPassword());
      files.put(name, stack.writeSettings(name, variables));
    }
    return files;
  }

  /**
   * Waits until the API has the issuer's keys, so that the first sign-in succeeds. If Keycloak
   * cannot start, it returns at once; the stack prints the reason.
   */
  private static void awaitKeys(LocalStack stack, String management) {
    stack.keycloak().exceptionally(failure -> null).join();
    var readiness =
        HttpRequest.newBuilder(URI.create(management + "/actuator/health/readiness")).build();
    try (var http = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(MAX_WAIT)
          .pollInterval(PAUSE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () ->
                  stack.keycloak().isCompletedExceptionally()
                      || http.send(readiness, BodyHandlers.discarding()).statusCode() == 200);
    } catch (ConditionTimeoutException e) {
      // readiness reports what is missing
    }
  }

  private static String address(StackPort port) {
    return "http://localhost:" + port.number();
  }
}
