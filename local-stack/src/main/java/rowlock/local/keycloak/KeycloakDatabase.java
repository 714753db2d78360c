/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import rowlock.local.cache.Cache;
import rowlock.local.cache.Distribution;
import rowlock.local.cache.Secrets;
import rowlock.local.postgres.PostgresAccount;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.postgres.PostgresSettings;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;

/**
 * Provides the PostgreSQL database of a Keycloak server. Keycloak takes 30 seconds to create its
 * tables. The cache therefore has a stopped PostgreSQL whose database contains the tables and the
 * realm {@code master}, and new servers are copies of it.
 */
public final class KeycloakDatabase {
  /** The name of the database and of the role that owns it. */
  public static final String NAME = "keycloak";

  private static final long TEMPLATE_BYTES = 600L << 20;

  private KeycloakDatabase() {}

  /**
   * Returns the directory to copy a server from, see {@link PostgresSettings#template()}. Makes it
   * first if it does not exist.
   *
   * @param stack directory of the stack that runs the processes
   */
  public static Path template(
      Cache cache, Path stack, List<Path> providers, PostgresAccount account, Progress progress) {
    var jars = providers.stream().map(ProviderJar::read).toList();
    var owner = account.hasOwnFiles() ? "-nobody" : "";
    var name =
        "database-"
            + KeycloakBuild.schemaKey(jars)
            + "-postgresql-"
            + Distribution.load().postgresVersion()
            + owner;
    return cache
        .entry(
            name,
            TEMPLATE_BYTES,
            directory -> {
              var step =
                  progress.begin("Making Keycloak's database tables, about 30 s, first time only");
              fill(directory, cache, stack, providers, account);
              step.done();
            })
        .resolve("postgres");
  }

  private static void fill(
      Path directory, Cache cache, Path stack, List<Path> providers, PostgresAccount account)
      throws IOException {
    var postgresPlace =
        new ServerDirectories(directory.resolve("postgres"), stack, cache.directory());
    try (var postgres = PostgresServer.start(new PostgresSettings(postgresPlace), account)) {
      var database = prepare(postgres, Secrets.generate());
      var keycloakPlace =
          new ServerDirectories(directory.resolve("keycloak"), stack, cache.directory());
      var spec = new KeycloakSpec(providers, List.of());
      KeycloakServer.start(new KeycloakSettings(keycloakPlace, database, spec)).close();
    }
    DirectoryTree.delete(directory.resolve("keycloak"));
  }

  /** Creates the database if it does not exist, and sets the password of its owner. */
  public static KeycloakSettings.Database prepare(PostgresServer postgres, String password) {
    return prepare(postgres, NAME, password);
  }

  /** Creates one of several databases. Its owner has the same name. */
  public static KeycloakSettings.Database prepare(
      PostgresServer postgres, String name, String password) {
    postgres.ensureRole(name, password);
    postgres.ensureDatabase(name, name);
    return new KeycloakSettings.Database(postgres.jdbcUrl(name), name, password);
  }
}
