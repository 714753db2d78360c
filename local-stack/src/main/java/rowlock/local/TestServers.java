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
 * They are stopped and their files removed when the JVM ends, also if it is killed. Thread-safe.
 */
public final class TestServers {
  private TestServers() {}

  /**
   * The server that all tests of this JVM share, started at its first use; make a database of your
   * own in it.
   */
  public static PostgresServer postgres() {
    return SharedPostgres.SERVER;
  }

  /** A server for one test alone, for one that kills it, say. Close it when done. */
  public static PostgresServer newPostgres() {
    return PostgresServer.start(new PostgresSettings(Run.place("postgres")));
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
    return KeycloakServer.start(settings(wanted));
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
    nodes.add(KeycloakServer.start(first));
    while (nodes.size() < count) {
      var next = new KeycloakSettings(Run.place("keycloak"), alone.database(), wanted);
      nodes.add(KeycloakServer.start(next.asNodeOf(cluster)));
    }
    return List.copyOf(nodes);
  }

  /**
   * The database of such a server, for a test that kills it. Give it to {@link
   * #newKeycloak(Keycloaks, PostgresServer)}, and close both when done, this one last.
   */
  public static PostgresServer newKeycloakPostgres(Keycloaks wanted) {
    var account = PostgresAccount.choose(null);
    var template =
        KeycloakDatabase.template(
            new Cache(Run.STATE.cache()),
            Run.DIRECTORY,
            wanted.providers(),
            account,
            Progress.silent());
    return PostgresServer.start(
        new PostgresSettings(Run.place("postgres"), 0, template, Progress.silent()), account);
  }

  /** A server for one test alone, on a database of {@link #newKeycloakPostgres}. */
  public static KeycloakServer newKeycloak(Keycloaks wanted, PostgresServer postgres) {
    return KeycloakServer.start(settings(wanted, postgres));
  }

  private static KeycloakSettings settings(Keycloaks wanted) {
    return settings(wanted, newKeycloakPostgres(wanted));
  }

  private static KeycloakSettings settings(Keycloaks wanted, PostgresServer postgres) {
    var database = KeycloakDatabase.prepare(postgres, Secrets.generate());
    return new KeycloakSettings(Run.place("keycloak"), database, wanted);
  }

  private static final class SharedPostgres {
    static final PostgresServer SERVER = newPostgres();
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
