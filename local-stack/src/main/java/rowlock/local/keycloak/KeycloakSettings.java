/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;

/**
 * Contains the settings of a Keycloak server.
 *
 * @param directories the server's own directory contains its home and its log
 * @param listen ports of the server
 * @param database the PostgreSQL database of the server
 * @param spec extensions, realms and options
 * @param cluster the cluster that the server is a node of; null for local caches
 * @param readyPaths must answer 200 before the server counts as started, besides its own health
 *     check
 * @param progress reports steps that take long
 * @param compilation what the JVM compiles
 */
public record KeycloakSettings(
    ServerDirectories directories,
    Listen listen,
    Database database,
    KeycloakSpec spec,
    @Nullable Cluster cluster,
    List<String> readyPaths,
    Progress progress,
    Compilation compilation) {

  /** Copies the collection. */
  public KeycloakSettings {
    readyPaths = List.copyOf(readyPaths);
  }

  /** Describes a server on free ports that is ready when its own health check says so. */
  public KeycloakSettings(ServerDirectories directories, Database database, KeycloakSpec spec) {
    this(
        directories,
        new Listen(0, 0),
        database,
        spec,
        null,
        List.of(),
        Progress.silent(),
        Compilation.FIRST_COMPILER_AND_SIGNATURES);
  }

  /**
   * Returns a copy that is a node of a cluster. The nodes find each other through their shared
   * database.
   */
  public KeycloakSettings asNodeOf(Cluster joined) {
    return new KeycloakSettings(
        directories, listen, database, spec, joined, readyPaths, progress, compilation);
  }

  /** Returns a copy with another choice of compilers. */
  public KeycloakSettings with(Compilation other) {
    return new KeycloakSettings(
        directories, listen, database, spec, cluster, readyPaths, progress, other);
  }

  /** The compilers of the JVM that runs the server. */
  public enum Compilation {
    /** The first compiler only, for the shortest start. */
    FIRST_COMPILER,
    /**
     * The first compiler, and the second for keys and signatures. A signature with 3072 bits then
     * takes 6 ms instead of 45 ms, and the start one second more.
     */
    FIRST_COMPILER_AND_SIGNATURES,
    /** Both compilers, as in production. */
    BOTH_COMPILERS
  }

  /**
   * Describes a cluster of servers.
   *
   * @param url the base URL of all nodes, so that they are one issuer
   */
  public record Cluster(URI url) {}

  /**
   * Contains TCP ports on localhost; 0 takes a free one.
   *
   * @param port for HTTP
   * @param managementPort for health and metrics
   */
  public record Listen(int port, int managementPort) {}

  /**
   * Describes a database and its owner.
   *
   * @param jdbcUrl of the database
   * @param user owns the database
   * @param password of that user
   */
  public record Database(String jdbcUrl, String user, String password) {
    /** Returns user and URL, without the password. */
    @Override
    public String toString() {
      return user + " at " + jdbcUrl;
    }
  }
}
