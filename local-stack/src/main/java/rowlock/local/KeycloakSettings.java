/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a Keycloak server is to run.
 *
 * @param directory the home and the log of this server; made if it is not there
 * @param stack the directory of the stack that this server belongs to: all processes of a stack are
 *     stopped together
 * @param cache what may be shared with other servers and other stacks
 * @param port for HTTP on localhost; 0 takes a free one
 * @param managementPort for health and metrics on localhost; 0 takes a free one
 * @param database the PostgreSQL database that it keeps everything in
 * @param providers extensions: jars, or directories of compiled classes
 * @param features Keycloak features to switch on
 * @param realmFiles imported at the start, each unless its realm exists
 * @param options further options of the command {@code start}, for example {@code --log-level=...}
 * @param environment further environment variables of the process
 * @param readyPaths must answer 200 before the server counts as started, besides its own health
 *     check
 * @param progress is told what takes long
 */
public record KeycloakSettings(
    Path directory,
    Path stack,
    Path cache,
    int port,
    int managementPort,
    Database database,
    List<Path> providers,
    List<String> features,
    List<Path> realmFiles,
    List<String> options,
    Map<String, String> environment,
    List<String> readyPaths,
    Progress progress) {

  /** Copies the collections. */
  public KeycloakSettings {
    providers = List.copyOf(providers);
    features = List.copyOf(features);
    realmFiles = List.copyOf(realmFiles);
    options = List.copyOf(options);
    environment = Map.copyOf(environment);
    readyPaths = List.copyOf(readyPaths);
  }

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

  /** A stock server on free ports that is a stack of its own. */
  public static KeycloakSettings in(Path directory, Path cache, Database database) {
    return new KeycloakSettings(
        directory,
        directory,
        cache,
        0,
        0,
        database,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        Progress.silent());
  }

  /** The same on given ports. */
  public KeycloakSettings withPorts(int http, int management) {
    return new KeycloakSettings(
        directory,
        stack,
        cache,
        http,
        management,
        database,
        providers,
        features,
        realmFiles,
        options,
        environment,
        readyPaths,
        progress);
  }

  /** The same with extensions, features, realms and further options as asked. */
  public KeycloakSettings with(Keycloaks wanted) {
    return new KeycloakSettings(
        directory,
        stack,
        cache,
        port,
        managementPort,
        database,
        wanted.providers(),
        wanted.features(),
        wanted.realmFiles(),
        wanted.options(),
        wanted.environment(),
        readyPaths,
        progress);
  }

  /** The same with more to wait for. */
  public KeycloakSettings withReadyPaths(List<String> paths) {
    return new KeycloakSettings(
        directory,
        stack,
        cache,
        port,
        managementPort,
        database,
        providers,
        features,
        realmFiles,
        options,
        environment,
        paths,
        progress);
  }

  /** The same as a part of a larger stack. */
  KeycloakSettings withStack(Path newStack) {
    return new KeycloakSettings(
        directory,
        newStack,
        cache,
        port,
        managementPort,
        database,
        providers,
        features,
        realmFiles,
        options,
        environment,
        readyPaths,
        progress);
  }

  /** The same, telling somebody. */
  public KeycloakSettings withProgress(Progress newProgress) {
    return new KeycloakSettings(
        directory,
        stack,
        cache,
        port,
        managementPort,
        database,
        providers,
        features,
        realmFiles,
        options,
        environment,
        readyPaths,
        newProgress);
  }
}
