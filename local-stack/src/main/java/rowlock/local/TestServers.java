/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import rowlock.local.mail.MailServer;

/**
 * Servers for tests, on free ports, below {@code .rowlock/tests/} at the root of the repository.
 * They are stopped and their files removed when the JVM ends, also if it is killed. With the system
 * property {@code rowlock.backend=testcontainers} they run in containers, otherwise as processes.
 * Thread-safe.
 */
public final class TestServers {
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
   * The mail server that all tests of this JVM share, started at its first use; an address of one's
   * own keeps the mails of tests apart.
   */
  public static MailServer mail() {
    return SharedMail.SERVER;
  }

  /** The server that all tests of this JVM with the same wishes share, started at its first use. */
  public static KeycloakServer keycloak(Keycloaks wanted) {
    return SharedKeycloaks.SERVERS.computeIfAbsent(wanted, TestServers::newKeycloak);
  }

  /** A server for one test alone, with a database of its own. Close it when done. */
  public static KeycloakServer newKeycloak(Keycloaks wanted) {
    return backend().keycloak(settings(wanted));
  }

  /**
   * Servers that share a database and find each other through it, for one test alone. They are one
   * issuer, whose metadata name the first; ask any of them by its own {@link KeycloakServer#url()}.
   * Close them when done.
   */
  public static List<KeycloakServer> newKeycloakNodes(Keycloaks wanted, int count) {
    var alone = settings(wanted);
    var port = Ports.free();
    var cluster = new KeycloakSettings.Cluster(URI.create("http://localhost:" + port));
    var first =
        new KeycloakSettings(
            alone.place(),
            new KeycloakSettings.Listen(port, 0),
            alone.database(),
            wanted,
            Optional.of(cluster),
            alone.readyPaths(),
            alone.progress());
    var nodes = new ArrayList<KeycloakServer>();
    nodes.add(backend().keycloak(first));
    while (nodes.size() < count) {
      var next = new KeycloakSettings(Run.place("keycloak"), alone.database(), wanted);
      nodes.add(backend().keycloak(next.asNodeOf(cluster)));
    }
    return List.copyOf(nodes);
  }

  /**
   * The database of such a server, for a test that kills it. Give it to {@link
   * #newKeycloak(Keycloaks, PostgresServer)}, and close both when done, this one last.
   */
  public static PostgresServer newKeycloakPostgres(Keycloaks wanted) {
    return backend().keycloakPostgres(wanted);
  }

  /** A server for one test alone, on a database of {@link #newKeycloakPostgres}. */
  public static KeycloakServer newKeycloak(Keycloaks wanted, PostgresServer postgres) {
    return backend()
        .keycloak(settings(wanted, KeycloakDatabase.prepare(postgres, Secrets.generate())));
  }

  private static KeycloakSettings settings(Keycloaks wanted) {
    return settings(wanted, backend().keycloakDatabase(wanted));
  }

  private static KeycloakSettings settings(Keycloaks wanted, KeycloakSettings.Database database) {
    return new KeycloakSettings(Run.place("keycloak"), database, wanted);
  }

  /** Not a constant: each test shall be told why there is none, and not the first alone. */
  private static Backend backend() {
    return Chosen.BACKENDS.computeIfAbsent(
        System.getProperty(Backend.PROPERTY, Backend.PROCESSES),
        name -> Backend.of(name, Run::place));
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
    static final ConcurrentMap<Keycloaks, KeycloakServer> SERVERS = new ConcurrentHashMap<>();
  }

  /** The directory of this JVM's servers. */
  private static final class Run {
    static final StateDirectory STATE = StateDirectory.of(System.getenv());
    static final Path DIRECTORY = TestDirectory.create(STATE);
    static final AtomicInteger SERVERS = new AtomicInteger();

    static ServerPlace place(String kind) {
      var directory = DIRECTORY.resolve(kind + "-" + SERVERS.incrementAndGet());
      return new ServerPlace(directory, DIRECTORY, STATE.cache());
    }
  }
}
