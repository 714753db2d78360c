/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.util.List;

/**
 * How a Keycloak server is to run.
 *
 * @param place its directory holds the home and the log
 * @param listen where it listens
 * @param database the PostgreSQL database that it keeps everything in
 * @param wanted what it is to be
 * @param readyPaths must answer 200 before the server counts as started, besides its own health
 *     check
 * @param progress is told what takes long
 */
public record KeycloakSettings(
    ServerPlace place,
    Listen listen,
    Database database,
    Keycloaks wanted,
    List<String> readyPaths,
    Progress progress) {

  /** Copies the collection. */
  public KeycloakSettings {
    readyPaths = List.copyOf(readyPaths);
  }

  /** A server on free ports that is ready when its own health check says so. */
  public KeycloakSettings(ServerPlace place, Database database, Keycloaks wanted) {
    this(place, new Listen(0, 0), database, wanted, List.of(), Progress.silent());
  }

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
