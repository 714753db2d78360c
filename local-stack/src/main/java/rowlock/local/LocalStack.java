/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import rowlock.local.cache.AotCache;
import rowlock.local.cache.Cache;
import rowlock.local.cache.Secrets;
import rowlock.local.cache.StateDirectory;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakDatabase;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSettings;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.keycloak.MasterRealm;
import rowlock.local.mail.Mail;
import rowlock.local.mail.MailServer;
import rowlock.local.postgres.PostgresAccount;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.postgres.PostgresSettings;
import rowlock.local.system.Guardian;
import rowlock.local.system.Orphans;
import rowlock.local.system.Ports;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;
import rowlock.local.system.Waiting;

/**
 * Runs PostgreSQL, Keycloak and a mail server on fixed ports, with data that is kept between runs.
 * The mail server keeps each mail as a file. However this JVM ends, the servers end with it.
 * Thread-safe.
 */
public final class LocalStack implements AutoCloseable {
  private static final Duration GUARDIAN_LIMIT = Duration.ofSeconds(60);

  private final StateDirectory state;
  private final StackLock lock;
  private final LocalStackSettings settings;
  private final Progress progress;
  private final PostgresServer postgres;
  private final List<ApplicationDatabase> databases = new CopyOnWriteArrayList<>();
  private final boolean realmChanged;
  private final MailServer mail;
  private final CompletableFuture<KeycloakServer> keycloak;
  private final AotCache startCache;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final long startedNanos = System.nanoTime();

  private LocalStack(
      LocalStackSettings settings, StateDirectory state, StackLock lock, Progress progress) {
    this.settings = settings;
    this.state = state;
    this.lock = lock;
    this.progress = progress;
    this.startCache = new AotCache(state.cache().resolve("start"), state.directory());
    var cache = new Cache(state.cache());
    var fresh = !Files.exists(state.postgres());
    this.postgres = startPostgres(cache, fresh);
    var database =
        KeycloakDatabase.prepare(postgres, Secrets.readOrGenerate(state.password("keycloak")));
    this.realmChanged = noteRealm(fresh);
    this.mail = MailServer.start(state.mail(), settings.mail().number(), this::show);
    this.keycloak =
        CompletableFuture.supplyAsync(
            () -> startKeycloak(database),
            task -> Thread.ofPlatform().daemon().name("keycloak-start").start(task));
  }

  /**
   * Starts PostgreSQL and returns when it accepts connections. Keycloak starts in the background.
   *
   * @throws StackFailure if the stack cannot start; no server is left running then
   */
  public static LocalStack start(LocalStackSettings settings, Progress progress) {
    var state = new StateDirectory(settings.state().toAbsolutePath().normalize());
    var lock = takeOver(state);
    try {
      if (settings.reset()) {
        progress.line("Deleting the local databases (ROWLOCK_RESET=true)");
        state.reset();
      }
      Ports.requireFree(settings.allPorts());
      Guardian.watch(state.directory(), false);
      var stack = new LocalStack(settings, state, lock, progress);
      Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "local-stack-stop"));
      MavenWatch.begin();
      return stack;
    } catch (StackFailure e) {
      Orphans.stop(state.directory());
      lock.close();
      throw e;
    }
  }

  /**
   * Deletes the databases, passwords and mails. The cache of built servers is kept.
   *
   * @throws StackFailure if the stack is running
   */
  public static void reset(LocalStackSettings settings) {
    var state = new StateDirectory(settings.state().toAbsolutePath().normalize());
    var lock = takeOver(state);
    try {
      state.reset();
    } finally {
      lock.close();
    }
  }

  /** Locks the directory and stops servers that an earlier launcher left running. */
  private static StackLock takeOver(StateDirectory state) {
    state.prepare();
    var lock = StackLock.take(state);
    Orphans.stop(state.directory());
    // the guardian of an earlier launcher would stop our servers
    Waiting.until(
        GUARDIAN_LIMIT, Duration.ofMillis(50), () -> !Guardian.watches(state.directory()));
    return lock;
  }

  private PostgresServer startPostgres(Cache cache, boolean fresh) {
    var account = PostgresAccount.choose(fresh ? null : state.postgres().resolve("data"));
    var template =
        fresh
            ? KeycloakDatabase.template(
                cache, state.directory(), settings.spec().providers(), account, progress)
            : null;
    var server =
        new PostgresSettings(
            directories(state.postgres()), settings.database().number(), template, progress);
    var step = progress.begin("Starting PostgreSQL");
    var started = PostgresServer.start(server, account);
    step.done();
    return started;
  }

  /**
   * Creates the database and the migration user of an application if they do not exist. The users
   * are named after the application. Their passwords are kept between runs.
   *
   * @param name of the database
   * @param application prefix of the users {@code _app} and {@code _migration}
   * @throws StackFailure if PostgreSQL refuses it
   */
  public ApplicationDatabase prepareDatabase(String name, String application) {
    var user = application + "_app";
    var migrationUser = application + "_migration";
    var migrationPassword = Secrets.readOrGenerate(state.password(migrationUser));
    postgres.ensureRole(migrationUser, migrationPassword);
    postgres.allowCreatingRoles(migrationUser);
    postgres.ensureDatabase(name, migrationUser);
    postgres.withoutLargeObjects(name);
    var database =
        new ApplicationDatabase(
            postgres.jdbcUrl(name),
            user,
            Secrets.readOrGenerate(state.password(user)),
            migrationUser,
            migrationPassword);
    databases.add(database);
    return database;
  }

  /**
   * Writes environment variables to a file that a shell can read, for an application that runs
   * outside this JVM. Only the owner can read the file. Each start writes it again, because ports
   * can change.
   *
   * @param application name of the application and of the file
   * @param variables environment variables; their values contain no quotes
   * @return the file
   */
  public Path writeSettings(String application, Map<String, String> variables) {
    var file = state.settings(application);
    var lines = new StringBuilder();
    variables.forEach(
        (name, value) ->
            lines.append("export ").append(name).append("='").append(value).append("'\n"));
    try {
      Files.deleteIfExists(file);
      Secrets.write(file, lines.toString());
      return file;
    } catch (IOException e) {
      throw StackFailure.writing(file, e);
    }
  }

  /**
   * Notes whether the source of the realm has changed since the realm was imported or updated.
   * Keycloak imports a realm once and does not apply later changes of the source.
   *
   * @return whether the realm has to be updated
   */
  private boolean noteRealm(boolean fresh) {
    var realm = settings.realm();
    if (realm == null) {
      return false;
    }
    try {
      if (fresh || !Files.exists(state.realmHash())) {
        Files.writeString(state.realmHash(), realm.sourceHash());
      } else if (!Files.readString(state.realmHash()).strip().equals(realm.sourceHash())) {
        if (realm.update() != null) {
          return true;
        }
        progress.line(
            "The source of the realm "
                + realm.name()
                + " has changed since the realm was imported; the change is not applied."
                + " ROWLOCK_RESET=true starts with empty databases and the new realm.");
      }
      return false;
    } catch (IOException e) {
      throw StackFailure.writing(state.directory(), e);
    }
  }

  private KeycloakServer startKeycloak(KeycloakSettings.Database database) {
    var server =
        KeycloakServer.start(
            new KeycloakSettings(
                directories(state.keycloak()),
                new KeycloakSettings.Listen(
                    settings.keycloak().number(), settings.keycloakManagement().number()),
                database,
                specWithRealm(),
                null,
                loginPage(),
                progress,
                KeycloakSettings.Compilation.FIRST_COMPILER));
    applyMaster(server);
    updateRealm(server);
    return server;
  }

  /**
   * Applies a changed source to the realm. If that fails, the realm stays as it is or is partly
   * changed, and the next start tries again.
   */
  private void updateRealm(KeycloakServer server) {
    var realm = settings.realm();
    if (!realmChanged || realm == null || realm.update() == null) {
      return;
    }
    try {
      realm.update().applyTo(server);
      Files.writeString(state.realmHash(), realm.sourceHash());
      progress.line("Applied the changed source of the realm " + realm.name());
    } catch (IOException e) {
      throw StackFailure.writing(state.directory(), e);
    } catch (RuntimeException e) {
      progress.line(
          "Applying the changed source of the realm "
              + realm.name()
              + " failed; the next start tries again. ROWLOCK_RESET=true starts with empty"
              + " databases. Cause: "
              + e.getMessage());
    }
  }

  /**
   * Applies the settings of the realm {@code master}, which Keycloak creates with its own defaults.
   * An administrator may have changed the password or the way to sign in since the last start. The
   * settings then stay as they are, and a warning is printed.
   */
  private void applyMaster(KeycloakServer server) {
    var master = settings.master();
    if (master == null) {
      return;
    }
    try {
      MasterRealm.apply(new AdminApi(server), Files.readString(master));
    } catch (IOException e) {
      throw new StackFailure("Reading the settings of the realm master failed: " + e.getMessage());
    } catch (IllegalStateException | UncheckedIOException e) {
      progress.line(
          "Applying the settings of the realm master failed; some may be missing. If the"
              + " administrator "
              + server.adminUser()
              + " can no longer sign in, ROWLOCK_RESET=true starts with empty databases. Cause: "
              + e.getMessage());
    }
  }

  private ServerDirectories directories(Path directory) {
    return new ServerDirectories(directory, state.directory(), state.cache());
  }

  private KeycloakSpec specWithRealm() {
    var spec = settings.spec();
    var realm = settings.realm();
    return realm == null ? spec : spec.withRealm(realm.file());
  }

  /** Returns the path of the login page, by a client that every realm has. */
  private List<String> loginPage() {
    var realm = settings.realm();
    if (realm == null) {
      return List.of();
    }
    var path = "/realms/" + realm.name();
    return List.of(
        path
            + "/protocol/openid-connect/auth?client_id=account-console&response_type=code&scope=openid"
            + "&code_challenge_method=S256&code_challenge=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
            + "&redirect_uri=http://localhost:"
            + settings.keycloak().number()
            + path
            + "/account/");
  }

  /** Returns the server with the database {@code keycloak} and those of the applications. */
  public PostgresServer postgres() {
    return postgres;
  }

  /**
   * Returns a file with a secret of an application, such as a key. Only the owner can read it.
   *
   * @param name of the file
   * @param secret generates the content if the file does not exist
   */
  public Path secretFile(String name, Supplier<String> secret) {
    return Secrets.provide(state.password(name), secret);
  }

  /** Returns the JVM's cache of the launcher. A run that makes it ends with this stack. */
  public AotCache startCache() {
    return startCache;
  }

  /** Returns the issuer identifier of the realm. It is known before Keycloak has started. */
  public String issuer(String realm) {
    return "http://localhost:" + settings.keycloak().number() + "/realms/" + realm;
  }

  /**
   * Returns Keycloak once its login page is available. The future completes with a {@link
   * StackFailure} if Keycloak cannot start.
   */
  public CompletableFuture<KeycloakServer> keycloak() {
    return keycloak.copy();
  }

  /**
   * Prints the addresses of all servers when Keycloak is ready; call it when the application is. If
   * Keycloak cannot start, prints the reason in one line and ends this JVM with status 1.
   *
   * @param links further addresses by their label, shown first
   */
  public void announce(Map<String, String> links) {
    Thread.ofPlatform().daemon().name("keycloak-announce").start(() -> awaitAndShow(links));
  }

  private void awaitAndShow(Map<String, String> links) {
    try {
      var server = keycloak.join();
      if (!closed.get()) {
        banner(links, server).forEach(progress::line);
      }
    } catch (CompletionException e) {
      if (!closed.get()) {
        progress.line(messageOf(e));
        System.exit(1);
      }
    }
  }

  private List<String> banner(Map<String, String> links, KeycloakServer server) {
    var all = new LinkedHashMap<>(links);
    all.put("Keycloak", server.url().toString());
    all.put(
        "Keycloak console",
        server.url() + "/admin (" + server.adminUser() + " / " + server.adminPassword() + ")");
    all.put("PostgreSQL", databaseUrl() + " (passwords in " + state.password("").toString() + ")");
    all.put(
        "Mails",
        state.mail() + ", one file per mail, none is sent (SMTP on port " + mail.port() + ")");
    all.put("Data and logs", state.directory() + " (ROWLOCK_RESET=true deletes the data)");
    return Banner.lines(
        "Ready after %.1f s. Stop with Ctrl-C.".formatted((System.nanoTime() - startedNanos) / 1e9),
        all);
  }

  /**
   * Returns the URL of the first application database, or that of the superuser if there is none.
   */
  private String databaseUrl() {
    return databases.stream()
        .findFirst()
        .map(ApplicationDatabase::jdbcUrl)
        .orElseGet(() -> postgres.jdbcUrl(postgres.superuser()));
  }

  private static String messageOf(CompletionException failure) {
    var cause = failure.getCause();
    return cause instanceof StackFailure
        ? String.valueOf(cause.getMessage())
        : "Starting Keycloak failed: " + cause;
  }

  /** Prints the link too, because no mail is sent in this stack. */
  private void show(Mail arrived) {
    progress.line("Mail \"" + arrived.subject() + "\" in " + arrived.file());
    arrived.links().stream().findFirst().ifPresent(link -> progress.line("  " + link));
  }

  /** Stops Keycloak, then PostgreSQL. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      startCache.stop();
      Orphans.stop(state.directory());
      mail.close();
      lock.close();
    }
  }
}
