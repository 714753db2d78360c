/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * Servers for tests, on free ports, below {@code .rowlock/tests/} at the root of the repository, or
 * in the user's cache. They are stopped and their files removed when the JVM ends, also if it is
 * killed. With the system property {@code rowlock.backend=testcontainers} they run in containers,
 * otherwise as processes. Thread-safe.
 */
public final class TestServers {
  /** The server's option for the memory of a password hash, in KiB; Keycloak's default is 7168. */
  public static final String HASH_MEMORY = "--spi-password-hashing--argon2--memory";

  private TestServers() {}

  /**
   * The server that all tests of this JVM share, started at its first use; make a database of your
   * own in it.
   */
  public static PostgresServer postgres() {
    return SharedPostgres.SERVERS.computeIfAbsent(backend(), Backend::postgres);
  }

  /** A server for one test alone, for one that kills it, say. Close it when done. */
  public static PostgresServer newPostgres() {
    return backend().postgres();
  }

  /**
   * A hot standby of a server of {@link #newPostgres()}, which is restarted for it. Close it when
   * done.
   */
  public static PostgresServer newStandby(PostgresServer primary) {
    return primary.standby(Run.directories("postgres"));
  }

  /** Returns a port for a server of the test's own; see {@link Ports#free}. */
  public static int freePort() {
    return Ports.free();
  }

  /**
   * The mail server that all tests of this JVM share, started at its first use; an address of one's
   * own keeps the mails of tests apart.
   */
  public static MailServer mail() {
    return SharedMail.SERVER;
  }

  /** The server that all tests of this JVM with the same wishes share, started at its first use. */
  public static KeycloakServer keycloak(KeycloakSpec wanted) {
    return SharedKeycloaks.SERVERS.computeIfAbsent(wanted, TestServers::newKeycloak);
  }

  /** A server for one test alone, with a database of its own. Close it when done. */
  public static KeycloakServer newKeycloak(KeycloakSpec wanted) {
    return backend().keycloak(settings(wanted));
  }

  /**
   * Servers that share a database and find each other through it, for one test alone. They are one
   * issuer, whose metadata name the first; ask any of them by its own {@link KeycloakServer#url()}.
   * Close them when done.
   */
  public static List<KeycloakServer> newKeycloakNodes(KeycloakSpec wanted, int count) {
    var port = Ports.free();
    return nodes(settings(wanted), count, port, URI.create("http://localhost:" + port));
  }

  /** The same on a database of {@link #newKeycloakPostgres}. */
  public static List<KeycloakServer> newKeycloakNodes(
      KeycloakSpec wanted, int count, PostgresServer postgres) {
    var port = Ports.free();
    var database = KeycloakDatabase.prepare(postgres, Secrets.generate());
    return nodes(settings(wanted, database), count, port, URI.create("http://localhost:" + port));
  }

  /**
   * The same behind an address that leads to any of them, which they give themselves.
   *
   * @param address such as {@code http://localhost:8443}, without a path
   */
  public static List<KeycloakServer> newKeycloakNodes(KeycloakSpec wanted, int count, URI address) {
    return nodes(settings(wanted), count, 0, address);
  }

  /**
   * One more node for such servers, with wishes of its own: another version of an extension, say.
   * Close it when done.
   *
   * @param beside a node of theirs, running or not
   */
  public static KeycloakServer newKeycloakNode(KeycloakServer beside, KeycloakSpec wanted) {
    return node(
        settings(wanted, beside.settings().database()), beside.settings().cluster().orElseThrow());
  }

  private static List<KeycloakServer> nodes(
      KeycloakSettings alone, int count, int firstPort, URI address) {
    var cluster = new KeycloakSettings.Cluster(address);
    var first =
        new KeycloakSettings(
            alone.directories(),
            new KeycloakSettings.Listen(firstPort, 0),
            alone.database(),
            alone.wanted(),
            Optional.of(cluster),
            alone.readyPaths(),
            alone.progress(),
            alone.quickSignatures());
    var nodes = new ArrayList<KeycloakServer>();
    nodes.add(backend().keycloak(first));
    while (nodes.size() < count) {
      nodes.add(node(settings(alone.wanted(), alone.database()), cluster));
    }
    return List.copyOf(nodes);
  }

  private static KeycloakServer node(KeycloakSettings alone, KeycloakSettings.Cluster cluster) {
    return backend().keycloak(alone.asNodeOf(cluster));
  }

  /**
   * The database of such a server, for a test that kills it. Give it to {@link
   * #newKeycloak(KeycloakSpec, PostgresServer)}, and close both when done, this one last.
   */
  public static PostgresServer newKeycloakPostgres(KeycloakSpec wanted) {
    return backend().keycloakPostgres(wanted);
  }

  /** A server for one test alone, on a database of {@link #newKeycloakPostgres}. */
  public static KeycloakServer newKeycloak(KeycloakSpec wanted, PostgresServer postgres) {
    return backend()
        .keycloak(settings(wanted, KeycloakDatabase.prepare(postgres, Secrets.generate())));
  }

  private static KeycloakSettings settings(KeycloakSpec wanted) {
    return settings(wanted, backend().keycloakDatabase(wanted));
  }

  private static KeycloakSettings settings(
      KeycloakSpec wanted, KeycloakSettings.Database database) {
    return new KeycloakSettings(Run.directories("keycloak"), database, withTestOptions(wanted));
  }

  /**
   * Argon2 with its usual 7 MiB takes most of the CPU time of a test server, so these use less
   * unless the test says how much; the algorithm and the number of passes are the realm's. Tests
   * sign an account in again before the server has counted the login before, which it refuses by
   * default.
   */
  private static KeycloakSpec withTestOptions(KeycloakSpec wanted) {
    var options = new ArrayList<>(wanted.options());
    if (options.stream().noneMatch(option -> option.startsWith(HASH_MEMORY))) {
      options.add(HASH_MEMORY + "=256");
    }
    options.add(
        "--spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true");
    return wanted.withOptions(options.toArray(String[]::new));
  }

  /** Not a constant: each test shall be told why there is none, and not the first alone. */
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

  /** The directory of this JVM's servers. */
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
