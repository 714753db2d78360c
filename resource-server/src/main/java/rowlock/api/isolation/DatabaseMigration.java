/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import rowlock.api.settings.DatabaseSettings;
import rowlock.database.DatabaseMigrations;
import rowlock.database.DatabasePreparation;

/**
 * Migrates the database as the role that owns the tables: first the engine, in its own schema, then
 * the scripts of the application, by default in {@code db/migration}. Each has its own history. No
 * application login has a privilege on either history.
 */
final class DatabaseMigration {
  /** The schema of the engine's objects and of the history of its migrations. */
  static final String SCHEMA = "rowlock";

  private static final String ENGINE_SCRIPTS = "classpath:db/rowlock";

  private DatabaseMigration() {}

  static void run(DatabaseSettings settings, DatabaseConnections connections) {
    new DatabaseRoles(settings, connections).prepare();
    Map<String, String> logins =
        Map.of(
            "application", DatabasePreparation.quoted(settings.user()),
            "application_name", "'" + settings.user().replace("'", "''") + "'",
            "ledger", DatabasePreparation.quoted(settings.ledgerUser()));
    DatabaseMigrations.apply(
        connections.migration(DatabaseRoles.OWNER),
        DatabaseConnections.URL,
        List.of(
            configuration(SCHEMA, ENGINE_SCRIPTS).table("schema_history").placeholders(logins),
            configuration(settings.schema(), settings.scripts().toArray(String[]::new))));
  }

  private static FluentConfiguration configuration(String schema, String... scripts) {
    return Flyway.configure()
        .locations(scripts)
        .schemas(schema)
        .createSchemas(false)
        .cleanDisabled(true);
  }
}
