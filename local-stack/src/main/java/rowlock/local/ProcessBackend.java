/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.util.function.Function;

/** Servers as child processes, each with data of its own that are copied from a template. */
record ProcessBackend(Function<String, ServerPlace> places) implements Backend {

  @Override
  public PostgresServer postgres() {
    return PostgresServer.start(new PostgresSettings(places.apply("postgres")));
  }

  @Override
  public PostgresServer keycloakPostgres(Keycloaks wanted) {
    var place = places.apply("postgres");
    var account = PostgresAccount.choose(null);
    var template =
        KeycloakDatabase.template(
            new Cache(place.cache()),
            place.stack(),
            wanted.providers(),
            account,
            Progress.silent());
    return PostgresServer.start(
        new PostgresSettings(place, 0, template, Progress.silent()), account);
  }

  @Override
  public KeycloakSettings.Database keycloakDatabase(Keycloaks wanted) {
    return KeycloakDatabase.prepare(keycloakPostgres(wanted), Secrets.generate());
  }

  @Override
  public KeycloakServer keycloak(KeycloakSettings settings) {
    return KeycloakServer.start(settings);
  }
}
