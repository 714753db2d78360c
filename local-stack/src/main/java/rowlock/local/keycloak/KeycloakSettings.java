/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;

/**
 * How a Keycloak server is to run.
 *
 * @param directories the server's own holds the home and the log
 * @param listen where it listens
 * @param database the PostgreSQL database that it keeps everything in
 * @param wanted what it is to be
 * @param cluster the cluster it is a node of; without one it keeps its caches to itself
 * @param readyPaths must answer 200 before the server counts as started, besides its own health
 *     check
 * @param progress is told what takes long
 * @param quickSignatures whether keys and signatures are made with the JVM's second compiler: a
 *     signature with 3072 bits takes 6 ms instead of 45, and the start a second more
 */
public record KeycloakSettings(
    ServerDirectories directories,
    Listen listen,
    Database database,
    KeycloakSpec wanted,
    Optional<Cluster> cluster,
    List<String> readyPaths,
    Progress progress,
    boolean quickSignatures) {

  /** Copies the collection. */
  public KeycloakSettings {
    readyPaths = List.copyOf(readyPaths);
  }

  /** A server on free ports that is ready when its own health check says so. */
  public KeycloakSettings(ServerDirectories directories, Database database, KeycloakSpec wanted) {
    this(
        directories,
        new Listen(0, 0),
        database,
        wanted,
        Optional.empty(),
        List.of(),
        Progress.silent(),
        true);
  }

  /** The same as a node of a cluster; its nodes find each other through the database they share. */
  public KeycloakSettings asNodeOf(Cluster joined) {
    return new KeycloakSettings(
        directories,
        listen,
        database,
        wanted,
        Optional.of(joined),
        readyPaths,
        progress,
        quickSignatures);
  }

  /**
   * Servers that act as one.
   *
   * @param url the base URL that all of them give themselves, so that they are one issuer
   */
  public record Cluster(URI url) {}

  /**
   * TCP ports on localhost; 0 takes a free one.
   *
   * @param port for HTTP
   * @param managementPort for health and metrics
   */
  public record Listen(int port, int managementPort) {}

  /**
   * A database and who may use it.
   *
   * @param jdbcUrl of the database
   * @param user owns the database
   * @param password of that user
   */
  public record Database(String jdbcUrl, String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return user + " at " + jdbcUrl;
    }
  }
}
