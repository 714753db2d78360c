/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.util.function.Function;
import rowlock.local.cache.Cache;
import rowlock.local.cache.Secrets;
import rowlock.local.keycloak.KeycloakDatabase;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSettings;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.postgres.PostgresAccount;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.postgres.PostgresSettings;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;

/** Runs servers as child processes, each with its own data, copied from a template. */
record ProcessBackend(Function<String, ServerDirectories> newDirectories) implements Backend {

  @Override
  public PostgresServer postgres() {
    return PostgresServer.start(new PostgresSettings(newDirectories.apply("postgres")));
  }

  @Override
  public PostgresServer keycloakPostgres(KeycloakSpec spec) {
    var directories = newDirectories.apply("postgres");
    var account = PostgresAccount.choose(null);
    var template =
        KeycloakDatabase.template(
            new Cache(directories.cache()),
            directories.stack(),
            spec.providers(),
            account,
            Progress.silent());
    return PostgresServer.start(
        new PostgresSettings(directories, 0, template, Progress.silent()), account);
  }

  @Override
  public KeycloakSettings.Database keycloakDatabase(KeycloakSpec spec) {
    return KeycloakDatabase.prepare(keycloakPostgres(spec), Secrets.generate());
  }

  @Override
  public KeycloakServer keycloak(KeycloakSettings settings) {
    return KeycloakServer.start(settings);
  }
}
