/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;
import rowlock.local.system.Ports;
import rowlock.local.system.RunningServer;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;
import rowlock.local.system.Waiting;

/**
 * Runs a real PostgreSQL 18 server that listens on 127.0.0.1 only. It is a child process of this
 * JVM, or a container in tests that ask for one. It is as durable as in production (fsync, full
 * page writes, synchronous commit, data checksums), so that test and benchmark results apply there.
 * Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
  /** Name of the superuser and of its database. */
  public static final String SUPERUSER = "postgres";

  /** Connections that a server accepts by default. */
  public static final int MAX_CONNECTIONS = 200;

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final ServerDirectories directories;
  private final PostgresProgram program;
  private final List<String> settings;
  private final int port;
  private final String password;
  private RunningServer running;

  private PostgresServer(
      ServerDirectories directories, PostgresProgram program, int port, int maxConnections) {
    this.directories = directories;
    this.program = program;
    this.port = port;
    this.password = program.password();
    this.settings =
        List.of(
            "port=" + port,
            "listen_addresses=127.0.0.1",
            "max_connections=" + maxConnections,
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on");
    this.running = launch();
  }

  /**
   * Starts a server and returns when it accepts connections. Existing data is kept.
   *
   * @throws StackFailure if it cannot start; the message says what to do
   */
  public static PostgresServer start(PostgresSettings settings) {
    var cluster = new PostgresCluster(settings.directories().directory());
    return start(settings, PostgresAccount.choose(cluster.exists() ? cluster.data() : null));
  }

  /** Starts a server whose processes run as this account. */
  public static PostgresServer start(PostgresSettings settings, PostgresAccount account) {
    return new PostgresServer(
            settings.directories(),
            PostgresProcess.prepare(settings, account),
            Ports.orFree(settings.port()),
            MAX_CONNECTIONS)
        .restricted();
  }

  /** Starts a server that is already prepared, on a free port. */
  public static PostgresServer start(
      ServerDirectories directories, PostgresProgram program, int maxConnections) {
    return new PostgresServer(directories, program, Ports.free(), maxConnections).restricted();
  }

  private PostgresServer restricted() {
    restrict("postgres");
    restrict("template1");
    return this;
  }

  /**
   * Starts a hot standby of this server, and restarts this server for it. The standby has the same
   * superuser and password.
   *
   * @throws StackFailure if the server is not a process of this machine
   */
  public synchronized PostgresServer standby(ServerDirectories standbyPlace) {
    if (!(program instanceof PostgresProcess process)) {
      throw new StackFailure("A standby needs a PostgreSQL that runs as a process.");
    }
    var cluster = new PostgresCluster(standbyPlace.directory());
    close();
    cluster.cloneFrom(process.cluster(), process.binaries(), process.account());
    running = launch();
    try {
      Files.createFile(cluster.data().resolve("standby.signal"));
      Files.writeString(
          cluster.data().resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'\n"
              .formatted(port, SUPERUSER, password),
          StandardOpenOption.APPEND);
      process.account().own(cluster.data());
    } catch (IOException e) {
      throw StackFailure.writing(standbyPlace.directory(), e);
    }
    var copy =
        new PostgresProcess(standbyPlace.stack(), cluster, process.account(), process.binaries());
    return new PostgresServer(standbyPlace, copy, Ports.free(), MAX_CONNECTIONS);
  }

  /** Returns the port on 127.0.0.1. It stays the same at {@link #restart()}. */
  public int port() {
    return port;
  }

  /** Returns the JDBC URL of a database, without credentials. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Returns the name of the superuser. */
  public String superuser() {
    return SUPERUSER;
  }

  /** Returns the password of the superuser, which was generated with the data. */
  public String superuserPassword() {
    return password;
  }

  /** Returns the file that the server logs to. */
  public Path logFile() {
    return program.log();
  }

  /** Returns a new connection of the superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, password);
  }

  /**
   * Creates an empty database that the superuser owns. Other logins need a grant to connect to it.
   */
  public void createDatabase(String name) {
    define("select format('create database %I', ?)", name);
    restrict(name);
  }

  /**
   * Creates an empty database if it does not exist. Owner and restrictions are set in both cases.
   */
  public void ensureDatabase(String name, String owner) {
    if (isEmpty("select 1 from pg_database where datname = ?", name)) {
      createDatabase(name);
    } else {
      restrict(name);
    }
    define("select format('alter database %I owner to %I', ?, ?)", name, owner);
  }

  /**
   * Revokes PostgreSQL's default grants from all logins but the owner: to connect and to create
   * temporary tables.
   */
  private void restrict(String database) {
    define("select format('revoke connect, temporary on database %I from public', ?)", database);
  }

  /**
   * Revokes the functions that create large objects from all logins. A large object belongs to the
   * login and not to the user that it serves, so row security does not apply.
   */
  public void withoutLargeObjects(String database) {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(
          "revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea)"
              + " from public");
    } catch (SQLException e) {
      throw StackFailure.refused(directories.directory(), "restrict " + database, e);
    }
  }

  /** Creates a role that may log in if it does not exist. Its password is set in both cases. */
  public void ensureRole(String name, String rolePassword) {
    if (isEmpty("select 1 from pg_roles where rolname = ?", name)) {
      define("select format('create role %I', ?)", name);
    }
    define("select format('alter role %I login', ?)", name);
    try (var connection = connect(SUPERUSER)) {
      // sends the SCRAM verifier, so that no server log can contain the password
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(name, rolePassword.toCharArray(), "scram-sha-256");
    } catch (SQLException e) {
      throw StackFailure.refused(directories.directory(), "set the password of " + name, e);
    }
  }

  /** Allows a role to create further roles, over which it then has all rights. */
  public void allowCreatingRoles(String name) {
    define("select format('alter role %I createrole', ?)", name);
  }

  /**
   * Allows a login to set the role to one that already exists. It does not inherit the rights of
   * that role.
   */
  public void allowActingAs(String role, String login) {
    define("select format('grant %I to %I with inherit false, set true', ?, ?)", role, login);
  }

  private boolean isEmpty(String query, String parameter) {
    try (var connection = connect(SUPERUSER);
        var statement = connection.prepareStatement(query)) {
      statement.setString(1, parameter);
      try (var rows = statement.executeQuery()) {
        return !rows.next();
      }
    } catch (SQLException e) {
      throw StackFailure.refused(directories.directory(), "look up " + parameter, e);
    }
  }

  /** Executes a statement that accepts no parameters; the server quotes the values first. */
  private void define(String formatQuery, String... parameters) {
    try (var connection = connect(SUPERUSER);
        var format = connection.prepareStatement(formatQuery);
        var statement = connection.createStatement()) {
      for (var i = 0; i < parameters.length; i++) {
        format.setString(i + 1, parameters[i]);
      }
      try (var rows = format.executeQuery()) {
        rows.next();
        statement.execute(rows.getString(1));
      }
    } catch (SQLException e) {
      throw StackFailure.refused(directories.directory(), "define " + parameters[0], e);
    }
  }

  /**
   * Kills the server and all its children (SIGKILL), as a power failure would, and returns when
   * they have ended.
   */
  public synchronized void kill() {
    running.kill();
  }

  /**
   * Starts the server again on the same port and data after {@link #kill()} or {@link #close()}.
   */
  public synchronized void restart() {
    close();
    running = launch();
  }

  /** Stops the server. Connections are closed; all committed data is on the disk. */
  @Override
  public synchronized void close() {
    running.stop(RunningServer.Signal.INTERRUPT, STOP_LIMIT);
  }

  private RunningServer launch() {
    var started = program.start(settings);
    var ready =
        Waiting.until(
            START_LIMIT,
            Duration.ofMillis(20),
            () -> !started.isAlive() || program.isReady(started, jdbcUrl(SUPERUSER)));
    if (!started.isAlive()) {
      throw StackFailure.ended(program.log(), "PostgreSQL did not start");
    }
    if (!ready) {
      started.kill();
      throw StackFailure.ended(
          program.log(), "PostgreSQL was not ready after " + START_LIMIT.toSeconds() + " s");
    }
    return started;
  }
}
