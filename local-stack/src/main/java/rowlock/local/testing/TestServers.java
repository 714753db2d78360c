/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import rowlock.local.cache.Secrets;
import rowlock.local.cache.StateDirectory;
import rowlock.local.keycloak.KeycloakDatabase;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSettings;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.mail.MailServer;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.system.Ports;
import rowlock.local.system.ServerDirectories;

/**
 * Provides servers for tests, on free ports, below {@code .rowlock/tests/} at the root of the
 * repository, or in the user's cache. They are stopped and their files deleted when the JVM ends,
 * even if it is killed. They run as processes, or in containers with the system property {@code
 * rowlock.backend=testcontainers}. Thread-safe.
 */
public final class TestServers {
  /** Server option for the memory of a password hash, in KiB. Keycloak's default is 7168. */
  public static final String HASH_MEMORY = "--spi-password-hashing--argon2--memory";

  /** Option with the hosts that events are pushed to; default of tests: the loopback addresses. */
  public static final String PUSH_TARGETS =
      "--spi-events-listener--rowlock-revocation--push-targets";

  private TestServers() {}

  /**
   * Returns the server that all tests of this JVM share, started at its first use. Each test
   * creates its own database in it.
   */
  public static PostgresServer postgres() {
    return SharedPostgres.SERVERS.computeIfAbsent(backend(), Backend::postgres);
  }

  /** Starts a server for one test alone, for example one that kills it. Close it when done. */
  public static PostgresServer newPostgres() {
    return backend().postgres();
  }

  /**
   * Starts a hot standby of a server of {@link #newPostgres()}, which is restarted for it. Close it
   * when done.
   */
  public static PostgresServer newStandby(PostgresServer primary) {
    return primary.standby(Run.directories("postgres"));
  }

  /** Returns a port for a server of the test's own; see {@link Ports#free}. */
  public static int freePort() {
    return Ports.free();
  }

  /**
   * Returns the mail server that all tests of this JVM share, started at its first use. Tests use
   * different addresses to keep their mails apart.
   */
  public static MailServer mail() {
    return SharedMail.SERVER;
  }

  /**
   * Returns the server that all tests of this JVM with an equal specification share, started at its
   * first use.
   */
  public static KeycloakServer keycloak(KeycloakSpec spec) {
    return SharedKeycloaks.SERVERS.computeIfAbsent(spec, TestServers::newKeycloak);
  }

  /** Starts a server for one test alone, with its own database. Close it when done. */
  public static KeycloakServer newKeycloak(KeycloakSpec spec) {
    return backend().keycloak(settings(spec));
  }

  /** Starts such a server whose JVM compiles as in production, for measurements. */
  public static KeycloakServer newCompiledKeycloak(KeycloakSpec spec) {
    return backend().keycloak(settings(spec).with(KeycloakSettings.Compilation.BOTH_COMPILERS));
  }

  /**
   * Starts servers that share a database and find each other through it, for one test alone. They
   * are one issuer, whose metadata name the first. Call any of them by its own {@link
   * KeycloakServer#url()}. Close them when done.
   */
  public static List<KeycloakServer> newKeycloakNodes(KeycloakSpec spec, int count) {
    var port = Ports.free();
    return nodes(settings(spec), count, port, URI.create("http://localhost:" + port));
  }

  /** Starts such servers on a database of {@link #newKeycloakPostgres}. */
  public static List<KeycloakServer> newKeycloakNodes(
      KeycloakSpec spec, int count, PostgresServer postgres) {
    var port = Ports.free();
    var database = KeycloakDatabase.prepare(postgres, Secrets.generate());
    return nodes(settings(spec, database), count, port, URI.create("http://localhost:" + port));
  }

  /**
   * Starts such servers behind a shared address, which is the issuer's.
   *
   * @param address such as {@code http://localhost:8443}, without a path
   */
  public static List<KeycloakServer> newKeycloakNodes(KeycloakSpec spec, int count, URI address) {
    return nodes(settings(spec), count, 0, address);
  }

  /**
   * Starts one more node for such servers, with its own specification, for example another version
   * of an extension. Close it when done.
   *
   * @param beside one of those nodes, running or not
   */
  public static KeycloakServer newKeycloakNode(KeycloakServer beside, KeycloakSpec spec) {
    var cluster = Objects.requireNonNull(beside.settings().cluster());
    return node(settings(spec, beside.settings().database()), cluster);
  }

  private static List<KeycloakServer> nodes(
      KeycloakSettings alone, int count, int firstPort, URI address) {
    var cluster = new KeycloakSettings.Cluster(address);
    var first =
        new KeycloakSettings(
            alone.directories(),
            new KeycloakSettings.Listen(firstPort, 0),
            alone.database(),
            alone.spec(),
            cluster,
            alone.readyPaths(),
            alone.progress(),
            alone.compilation());
    var nodes = new ArrayList<KeycloakServer>();
    nodes.add(backend().keycloak(first));
    while (nodes.size() < count) {
      nodes.add(node(settings(alone.spec(), alone.database()), cluster));
    }
    return List.copyOf(nodes);
  }

  private static KeycloakServer node(KeycloakSettings alone, KeycloakSettings.Cluster cluster) {
    return backend().keycloak(alone.asNodeOf(cluster));
  }

  /**
   * Starts the database of such a server, for a test that kills the database. Pass it to {@link
   * #newKeycloak(KeycloakSpec, PostgresServer)}. Close both when done, the database last.
   */
  public static PostgresServer newKeycloakPostgres(KeycloakSpec spec) {
    return backend().keycloakPostgres(spec);
  }

  /** Starts a server for one test alone, on a database of {@link #newKeycloakPostgres}. */
  public static KeycloakServer newKeycloak(KeycloakSpec spec, PostgresServer postgres) {
    return backend()
        .keycloak(settings(spec, KeycloakDatabase.prepare(postgres, Secrets.generate())));
  }

  private static KeycloakSettings settings(KeycloakSpec spec) {
    return settings(spec, backend().keycloakDatabase(spec));
  }

  private static KeycloakSettings settings(KeycloakSpec spec, KeycloakSettings.Database database) {
    return new KeycloakSettings(Run.directories("keycloak"), database, withTestOptions(spec));
  }

  /**
   * Reduces the memory of password hashes unless the test sets it: with the default of 7 MiB,
   * Argon2 takes most of the CPU time of a test server. Algorithm and passes are the realm's. Also
   * allows an account to sign in again before the server has counted its last login, which Keycloak
   * refuses by default.
   */
  private static KeycloakSpec withTestOptions(KeycloakSpec spec) {
    var options = new ArrayList<>(spec.options());
    if (options.stream().noneMatch(option -> option.startsWith(HASH_MEMORY))) {
      options.add(HASH_MEMORY + "=256");
    }
    if (options.stream().noneMatch(option -> option.startsWith(PUSH_TARGETS))) {
      options.add(PUSH_TARGETS + "=localhost,127.0.0.1,::1");
    }
    options.add(
        "--spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true");
    return spec.withOptions(options.toArray(String[]::new));
  }

  /** Not a constant, so that each test fails with the reason, and not only the first. */
  private static Backend backend() {
    return Chosen.BACKENDS.computeIfAbsent(
        System.getProperty(Backend.PROPERTY, Backend.PROCESSES),
        name -> Backend.of(name, Run::directories));
  }

  private static final class Chosen {
    static final ConcurrentMap<String, Backend> BACKENDS = new ConcurrentHashMap<>();
  }

  private static final class SharedPostgres {
    static final ConcurrentMap<Backend, PostgresServer> SERVERS = new ConcurrentHashMap<>();
  }

  private static final class SharedMail {
    static final MailServer SERVER =
        MailServer.start(Run.DIRECTORY.resolve("mail"), 0, arrived -> {});
  }

  private static final class SharedKeycloaks {
    static final ConcurrentMap<KeycloakSpec, KeycloakServer> SERVERS = new ConcurrentHashMap<>();
  }

  /** Contains the directory of this JVM's servers. */
  private static final class Run {
    static final StateDirectory STATE =
        StateDirectory.ofTests(Path.of("").toAbsolutePath(), System.getenv());
    static final Path DIRECTORY = TestDirectory.create(STATE);
    static final AtomicInteger SERVERS = new AtomicInteger();

    static ServerDirectories directories(String kind) {
      var directory = DIRECTORY.resolve(kind + "-" + SERVERS.incrementAndGet());
      return new ServerDirectories(directory, DIRECTORY, STATE.cache());
    }
  }
}
