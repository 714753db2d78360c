/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import rowlock.api.settings.DatabaseSettings;
import rowlock.database.DatabaseMigrations;
import rowlock.database.DatabasePreparation;

/**
 * Migrates the database as the role that owns the tables: first the engine, in its own schema, then
 * the scripts of the application, by default in {@code db/migration}. Each has its own history, on
 * which no application login has a right.
 */
final class DatabaseMigration {

  /** The schema of the engine's objects and of the history of its migrations. */
  static final String SCHEMA = "rowlock";

  private static final String ENGINE_SCRIPTS = "classpath:db/rowlock";

  private DatabaseMigration() {}

  static void run(DatabaseSettings settings, DatabaseConnections connections) {
    new DatabaseRoles(settings, connections).prepare();
    FluentConfiguration engine = configuration(connections, SCHEMA, ENGINE_SCRIPTS);
    Map<String, String> logins =
        Map.of(
            "application", DatabasePreparation.quoted(settings.user()),
            "application_name", "'" + settings.user().replace("'", "''") + "'",
            "ledger", DatabasePreparation.quoted(settings.ledgerUser()));
    DatabaseMigrations.apply(
        engine.table("schema_history").placeholders(logins).load(), DatabaseConnections.URL);
    DatabaseMigrations.apply(
        configuration(connections, settings.schema(), settings.scripts().toArray(String[]::new))
            .load(),
        DatabaseConnections.URL);
  }

  private static FluentConfiguration configuration(
      DatabaseConnections connections, String schema, String... scripts) {
    return Flyway.configure()
        .dataSource(connections.migration(DatabaseRoles.OWNER))
        .locations(scripts)
        .schemas(schema)
        .createSchemas(false)
        .cleanDisabled(true);
  }
}
