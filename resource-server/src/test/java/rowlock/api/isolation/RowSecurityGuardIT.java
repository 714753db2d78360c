/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.api.settings.DatabaseSettings;
import rowlock.field.FieldReport;
import rowlock.settings.InvalidSettingException;

/** Each state in which row security is not effective stops the start, with the statement to run. */
class RowSecurityGuardIT {
  private static MigratedDatabase database;
  private static String login;

  @BeforeAll
  static void migrate() {
    database = MigratedDatabase.create(1);
    login = '"' + database.settings().user() + '"';
    database.asSuperuser("create role " + other() + " nologin");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static String other() {
    return '"' + database.settings().user() + "_other\"";
  }

  @Test
  void a_migrated_database_is_good() {
    assertThatNoException().isThrownBy(() -> RowSecurityGuard.check(database.bare()));
  }

  private static Arguments state(String wrong, String mended, String message) {
    return Arguments.of(wrong, mended, message);
  }

  /** A change, its reversal, and the expected message. LOGIN and OTHER are roles. */
  static Stream<Arguments> badStates() {
    return Stream.of(
        state("alter role LOGIN superuser", "alter role LOGIN nosuperuser", "superuser"),
        state("alter role LOGIN bypassrls", "alter role LOGIN nobypassrls", "BYPASSRLS"),
        state("alter role LOGIN createrole", "alter role LOGIN nocreaterole", "CREATEROLE"),
        state(
            "alter role OTHER bypassrls; grant OTHER to LOGIN",
            "alter role OTHER nobypassrls; revoke OTHER from LOGIN",
            "BYPASSRLS"),
        state("grant rowlock_owner to LOGIN", "revoke rowlock_owner from LOGIN", "owns"),
        state(
            "create table public.mine(); alter table public.mine owner to LOGIN",
            "drop table public.mine",
            "owns or may assume the owner of the table mine"),
        state(
            "create table public.mine(); alter table public.mine owner to OTHER;"
                + " grant OTHER to LOGIN with inherit false",
            "revoke OTHER from LOGIN; drop table public.mine",
            "owns or may assume the owner of the table mine"),
        state(
            "grant pg_read_all_data to LOGIN",
            "revoke pg_read_all_data from LOGIN",
            "pg_read_all_data"),
        state(
            "grant truncate on probe.item to LOGIN",
            "revoke truncate on probe.item from LOGIN",
            "TRUNCATE"),
        state(
            "grant trigger on probe.item to public",
            "revoke trigger on probe.item from public",
            "TRIGGER"),
        state(
            "alter table probe.item disable row level security",
            "alter table probe.item enable row level security",
            "without row security. Run: alter table probe.item enable"),
        state(
            "alter table probe.item no force row level security",
            "alter table probe.item force row level security",
            "alter table probe.item force row level security"),
        state(
            "create table probe.note(id int); alter table probe.note enable row level security;"
                + " alter table probe.note force row level security; grant select on probe.note to LOGIN",
            "drop table probe.note",
            "no policy"),
        state(
            "create table probe.note(id int, text text); grant select (text) on probe.note to public",
            "drop table probe.note",
            "without row security. Run: alter table probe.note"),
        state(
            "create policy open on probe.item using (true)",
            "drop policy open on probe.item",
            "drop policy open"),
        state(
            "create policy open on probe.item for insert with check (true)",
            "drop policy open on probe.item",
            "drop policy open"),
        state(
            "create policy open on probe.item using (rowlock.owner_is_visible())",
            "drop policy open on probe.item",
            "drop policy open"),
        state(
            "create view probe.all_items as select * from probe.item;"
                + " grant select on probe.all_items to LOGIN",
            "drop view probe.all_items",
            "security_invoker"),
        state(
            "create materialized view probe.all_items as select * from probe.item;"
                + " grant select on probe.all_items to LOGIN",
            "drop materialized view probe.all_items",
            "has probe.all_items"),
        state(
            "grant insert on rowlock.revoked_session to LOGIN",
            "revoke insert on rowlock.revoked_session from LOGIN",
            "ledger"),
        state(
            "grant select (sub) on rowlock.account_gate to LOGIN",
            "revoke select (sub) on rowlock.account_gate from LOGIN",
            "ledger"),
        state(
            "grant delete on rowlock.seen_proof to LOGIN",
            "revoke delete on rowlock.seen_proof from LOGIN",
            "used proofs"),
        state(
            "grant update on sequence rowlock.proofs_known_since to LOGIN",
            "revoke update on sequence rowlock.proofs_known_since from LOGIN",
            "used proofs"),
        state(
            "grant select on rowlock.schema_history to LOGIN",
            "revoke select on rowlock.schema_history from LOGIN",
            "history"),
        state(
            "grant create on schema probe to LOGIN",
            "revoke create on schema probe from LOGIN",
            "create objects"),
        state(
            "create function probe.leak() returns bigint language sql security definer"
                + " as 'select count(*) from probe.item'; grant execute on function probe.leak() to LOGIN",
            "drop function probe.leak()",
            "search_path"),
        state(
            "create function public.leak() returns bigint language sql security definer"
                + " set search_path = pg_catalog, pg_temp as 'select count(*) from probe.item'",
            "drop function public.leak()",
            "whom row security does not bind"),
        state(
            "create view public.all_items as select * from probe.item;"
                + " grant select on public.all_items to LOGIN",
            "drop view public.all_items",
            "security_invoker"),
        state(
            "create schema other; create table other.note(id int);"
                + " grant usage on schema other to LOGIN; grant insert on other.note to LOGIN",
            "drop schema other cascade",
            "without row security. Run: alter table other.note"),
        state(
            "alter role LOGIN set default_transaction_isolation = 'serializable'",
            "alter role LOGIN reset default_transaction_isolation",
            "READ COMMITTED"),
        state(
            "revoke execute on function rowlock.enter(uuid, text, text, bigint) from LOGIN",
            "grant execute on function rowlock.enter(uuid, text, text, bigint) to LOGIN",
            "no function rowlock.enter"),
        state(
            "revoke execute on function rowlock.enter(uuid, text, text, bigint, uuid, bigint, uuid) from LOGIN",
            "grant execute on function rowlock.enter(uuid, text, text, bigint, uuid, bigint, uuid) to LOGIN",
            "no function rowlock.enter(uuid, text, text, bigint, uuid, bigint, uuid)"),
        state(
            "revoke execute on function rowlock.account_is_visible() from LOGIN",
            "grant execute on function rowlock.account_is_visible() to LOGIN",
            "no function rowlock.account_is_visible()"),
        state(
            "alter role LOGIN set \"rowlock.entered\" = '01890000-0000-7000-8000-000000000001'",
            "alter role LOGIN reset \"rowlock.entered\"",
            "sets rowlock.entered"),
        state(
            "alter role LOGIN set \"rowlock.owner\" = '01890000-0000-7000-8000-000000000001'",
            "alter role LOGIN reset \"rowlock.owner\"",
            "sets rowlock.owner"),
        state(
            "grant execute on function"
                + " rowlock.apply_event(text, text, text, text, uuid, timestamptz, interval, interval) to LOGIN",
            "revoke execute on function"
                + " rowlock.apply_event(text, text, text, text, uuid, timestamptz, interval, interval) from LOGIN",
            "may write the revocation ledger"),
        state(
            "grant execute on function rowlock.readmit(uuid, bigint) to LOGIN",
            "revoke execute on function rowlock.readmit(uuid, bigint) from LOGIN",
            "may write the revocation ledger"),
        state(
            "grant select on rowlock.reassignment to public",
            "revoke select on rowlock.reassignment from public",
            "ledger"),
        state(
            "alter policy owner_is_visible on probe.item using (true)",
            "drop policy owner_is_visible on probe.item; set role rowlock_owner;"
                + " select rowlock.own('probe.item')",
            "shows the rows of removed accounts"),
        state(
            "create table probe.note(owner_id uuid); alter table probe.note enable row level security;"
                + " alter table probe.note force row level security;"
                + " create policy mine on probe.note"
                + " using (owner_id = (select nullif(current_setting('rowlock.owner', true), '')::uuid));"
                + " grant select on probe.note to LOGIN",
            "drop table probe.note",
            "shows the rows of removed accounts. Run: select rowlock.own"),
        state(
            "grant LEDGER to LOGIN with inherit false, set true",
            "revoke LEDGER from LOGIN",
            "may write the revocation ledger"),
        state(
            "create table probe.note(user_id uuid); alter table probe.note enable row level security;"
                + " alter table probe.note force row level security;"
                + " create policy mine on probe.note using (user_id = current_setting('rowlock.owner')::uuid);"
                + " grant insert on probe.note to LOGIN",
            "drop table probe.note",
            "whose rows would stay"),
        state(
            "create table probe.note(owner_id uuid); alter table probe.note enable row level security;"
                + " alter table probe.note force row level security;"
                + " create policy mine on probe.note for insert"
                + " with check (owner_id = current_setting('rowlock.owner')::uuid);"
                + " grant insert on probe.note to LOGIN",
            "drop table probe.note",
            "whose rows would stay"),
        state(
            "grant temporary on database DATABASE to LOGIN",
            "revoke temporary on database DATABASE from LOGIN",
            "temporary tables"),
        state(
            "grant create on database DATABASE to LOGIN",
            "revoke create on database DATABASE from LOGIN",
            "create schemas"),
        state(
            "grant create on schema public to public",
            "revoke create on schema public from public",
            "create objects in the schema public"),
        state(
            "alter role LOGIN set statement_timeout = 0",
            "alter role LOGIN set statement_timeout = '5s'",
            "no statement_timeout"));
  }

  @FieldReport("https://github.com/msaad00/agent-bom/issues/3665")
  @FieldReport("https://github.com/Cyoda/cyoda-go/issues/363")
  @FieldReport("https://github.com/scottdavenport/craven-cancer-classic/issues/389")
  @ParameterizedTest
  @MethodSource("badStates")
  void refuses_to_start(String wrong, String mended, String message) {
    database.asSuperuser(named(wrong));
    try {
      assertThatExceptionOfType(InvalidSettingException.class)
          .isThrownBy(() -> ApplicationPool.open(database.settings(), new SimpleMeterRegistry()))
          .satisfies(
              refused ->
                  assertThat(refused.getMessage())
                      .startsWith("ROWLOCK_DB_")
                      .contains(message)
                      .doesNotContain("\n")
                      .doesNotContain(database.settings().password()));
    } finally {
      database.asSuperuser(named(mended));
    }
    assertThatNoException()
        .isThrownBy(
            () -> ApplicationPool.open(database.settings(), new SimpleMeterRegistry()).close());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          grant select on probe.item to LEDGER                | revoke select on probe.item from LEDGER              | rights on the table
          grant insert on rowlock.account_gate to LEDGER        | revoke insert on rowlock.account_gate from LEDGER      | rights on the table
          alter role LEDGER bypassrls                       | alter role LEDGER nobypassrls                      | BYPASSRLS
          alter role LEDGER set lock_timeout = 0            | alter role LEDGER set lock_timeout = '6s'          | no lock_timeout
          grant rowlock_owner to LEDGER                        | revoke rowlock_owner from LEDGER                      | owns or may assume
          grant temporary on database DATABASE to LEDGER    | revoke temporary on database DATABASE from LEDGER  | temporary tables
          revoke execute on function rowlock.end_turn(text) from LEDGER | grant execute on function rowlock.end_turn(text) to LEDGER | no function rowlock.end_turn
          revoke execute on function rowlock.erase_due(uuid) from LEDGER | grant execute on function rowlock.erase_due(uuid) to LEDGER | no function rowlock.erase_due
          """)
  void the_login_of_the_ledger_may_do_nothing_else(String wrong, String mended, String message) {
    database.asSuperuser(named(wrong));
    try {
      assertThatExceptionOfType(InvalidSettingException.class)
          .isThrownBy(() -> LedgerDatabase.open(database.settings(), new SimpleMeterRegistry()))
          .withMessageStartingWith("ROWLOCK_DB_")
          .withMessageContaining(message);
    } finally {
      database.asSuperuser(named(mended));
    }
    assertThatNoException()
        .isThrownBy(
            () -> LedgerDatabase.open(database.settings(), new SimpleMeterRegistry()).close());
  }

  private static String named(String sql) {
    return sql.replace("LEDGER", database.settings().ledgerUser())
        .replace("LOGIN", login)
        .replace("DATABASE", database.name())
        .replace("OTHER", other());
  }

  @FieldReport("https://github.com/scottdavenport/craven-cancer-classic/issues/389")
  @Test
  void a_view_of_the_invoker_is_good() {
    database.asSuperuser(
        named(
            "create view probe.titles with (security_invoker) as select title from probe.item;"
                + " grant select on probe.titles to LOGIN"));
    try {
      assertThatNoException().isThrownBy(() -> RowSecurityGuard.check(database.bare()));
    } finally {
      database.asSuperuser("drop view probe.titles");
    }
  }

  @Test
  void own_puts_a_table_under_row_security() {
    database.asSuperuser(
        named(
            "set role rowlock_owner;"
                + " create table probe.note(owner_id uuid not null, id int, primary key (owner_id, id));"
                + " grant select on probe.note to LOGIN"));
    try {
      assertThatExceptionOfType(InvalidSettingException.class)
          .isThrownBy(() -> RowSecurityGuard.check(database.bare()))
          .withMessageContaining("without row security");
      database.asSuperuser("set role rowlock_owner; select rowlock.own('probe.note')");
      assertThatNoException().isThrownBy(() -> RowSecurityGuard.check(database.bare()));
    } finally {
      database.asSuperuser("drop table probe.note");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create table probe.note(id int primary key)                                      | has no column owner_id uuid not null
          create table probe.note(owner_id text not null primary key)                      | has no column owner_id uuid not null
          create table probe.note(owner_id uuid, id int primary key)                       | has no column owner_id uuid not null
          create table probe.note(owner_id uuid not null, id int primary key)              | does not begin with owner_id
          create table probe.note(owner_id uuid not null, id int, primary key (id, owner_id)) | does not begin with owner_id
          reset role; create table probe.note(owner_id uuid not null primary key)          | does not belong to rowlock_owner
          create view probe.note as select 1                                               | is not a table
          """)
  void own_refuses_what_it_cannot_isolate(String table, String reason) {
    // Several statements in one text are one transaction, so the table does not remain.
    assertThatThrownBy(
            () ->
                database.asSuperuser(
                    "set role rowlock_owner; "
                        + table
                        + "; set role rowlock_owner; select rowlock.own('probe.note')"))
        .hasMessageContaining(reason);
  }

  @Test
  void the_same_login_twice_is_refused() {
    var settings = database.settings();
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(
            () ->
                new DatabaseSettings(
                    settings.url(),
                    settings.migrationUser(),
                    settings.migrationPassword(),
                    settings.migrationUser(),
                    settings.migrationPassword(),
                    8))
        .withMessageStartingWith("ROWLOCK_DB_USER");
  }
}
