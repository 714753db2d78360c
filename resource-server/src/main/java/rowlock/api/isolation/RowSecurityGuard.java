/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import rowlock.settings.InvalidSettingException;

/**
 * Verifies, as the application login itself, that row security binds it. Row security is silently
 * inactive if it is not set up, so the server refuses to start then.
 *
 * <p>The checks cover {@code session_user} and every role that it may assume with {@code set role}.
 */
final class RowSecurityGuard {
  /** No statement of the application may hold its connection or its locks for longer. */
  static final List<String> LIMITS =
      List.of(
          "statement_timeout = '5s'",
          "lock_timeout = '2s'",
          "idle_in_transaction_session_timeout = '5s'");

  /**
   * Limits of the ledger login. An erasure waits for the statements of its owner and deletes all
   * rows at once, so it takes longer than a request may.
   */
  static final List<String> LEDGER_LIMITS =
      List.of(
          "statement_timeout = '30s'",
          "lock_timeout = '6s'",
          "idle_in_transaction_session_timeout = '5s'");

  private static final String LEDGER = "ROWLOCK_DB_LEDGER_USER";
  private static final String LOGIN = "ROWLOCK_DB_USER";
  private static final String DATABASE = "ROWLOCK_DB_URL";

  /**
   * @param variable the setting to change
   * @param violations a query for the violations, each with the statement to run; no row if there
   *     are none
   */
  private record Rule(String variable, String violations) {}

  /** Rules for both logins. */
  private static final List<Rule> OF_EACH_LOGIN =
      List.of(
          new Rule(
              LOGIN,
              """
              select format('names %I, which is a superuser. Run: alter role %I nosuperuser;', rolname, rolname)
              from pg_roles where rolname = session_user and rolsuper
              """),
          new Rule(
              LOGIN,
              """
              select format('names %I, which has or may assume BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION or SUPERUSER'
                || ' through %I. Remove it with alter role or revoke.', session_user, rolname)
              from pg_roles
              where pg_has_role(session_user, oid, 'MEMBER')
                and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
              """),
          new Rule(
              LOGIN,
              """
              select format('names %1$I, which is a member of %2$I. Run: revoke %2$I from %1$I;', session_user, rolname)
              from pg_roles
              where rolname ^@ 'pg_' and rolname <> 'pg_database_owner'
                and pg_has_role(session_user, oid, 'MEMBER')
              """),
          new Rule(
              LOGIN,
              """
              select format('names %I, which owns or may assume the owner of %s %I. Give it to another role.',
                session_user, kind, name)
              from (select 'the database' as kind, datname as name, datdba as owner from pg_database
                    where datname = current_database()
                    union all
                    select 'the schema', nspname, nspowner from pg_namespace where nspname !~ '^(pg_|information_schema$)'
                    union all
                    select 'the table', relname, relowner from pg_class where relkind in ('r', 'p', 'v', 'm', 'f')
                    union all
                    select 'the function', proname, proowner from pg_proc
                    where pronamespace = to_regnamespace('rowlock')) as object
              where pg_has_role(session_user, owner, 'MEMBER')
              """),
          new Rule(
              LOGIN,
              """
              select format('names %1$I, which may create objects in the schema %2$I. Run: revoke create on schema %2$I'
                || ' from public, %1$I;', session_user, nspname)
              from pg_namespace
              where nspname !~ '^(pg_|information_schema$)' and has_schema_privilege(session_user, oid, 'CREATE')
              union all
              select format('names %1$I, which may create schemas in the database %2$I. Run: revoke create on database'
                || ' %2$I from public, %1$I;', session_user, current_database())
              where has_database_privilege(session_user, current_database(), 'CREATE')
              union all
              select format('names %1$I, which has rights on the history of migrations. Run: revoke all on %2$s'
                || ' from public, %1$I;', session_user, oid::regclass)
              from pg_class
              where relname in ('schema_history', 'flyway_schema_history') and relkind = 'r'
                and has_table_privilege(session_user, oid, 'SELECT, INSERT, UPDATE, DELETE')
              """),
          // A temporary table is found before a table of the same name, whatever schema that is in.
          new Rule(
              LOGIN,
              """
              select format('names %1$I, which may create temporary tables. Run: revoke temporary on database %2$I'
                || ' from public, %1$I;', session_user, current_database())
              where has_database_privilege(session_user, current_database(), 'TEMPORARY')
              """),
          // A transaction that keeps its first snapshot misses a later revocation.
          new Rule(
              LOGIN,
              """
              select format('names %1$I, whose transactions are not READ COMMITTED. Run: alter role %1$I set'
                || ' default_transaction_isolation = ''read committed'';', session_user)
              where current_setting('default_transaction_isolation') <> 'read committed'
              """),
          new Rule(
              LOGIN,
              """
              select format('names %1$I, which has no %2$s. Run: alter role %1$I set %2$s = ''5s'';', session_user, name)
              from pg_settings
              where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
                and setting = '0'
              """));

  private static final List<Rule> OF_APPLICATION =
      List.of(
          new Rule(
              LOGIN,
              """
              select format('names %2$I, which has TRUNCATE, REFERENCES, TRIGGER or MAINTAIN on %1$s: row security does'
                || ' not see those. Run: revoke truncate, references, trigger, maintain on %1$s from public, %2$I;',
                oid::regclass, session_user)
              from pg_class
              where relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                and relkind in ('r', 'p', 'v', 'm', 'f')
                and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
                and has_table_privilege(session_user, oid, 'TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
              """),
          new Rule(
              LOGIN,
              """
              select format('names %2$I, which has rights on what only rowlock.enter may touch: the revocation ledger and'
                || ' the used proofs. Run: revoke all on %1$s from public, %2$I;', oid::regclass, session_user)
              from pg_class
              where relnamespace = to_regnamespace('rowlock')
                and case relkind
                      when 'S' then has_sequence_privilege(session_user, oid, 'USAGE, SELECT, UPDATE')
                      when 'r' then relname <> 'idempotency_key'
                        and (has_table_privilege(session_user, oid, 'SELECT, INSERT, UPDATE, DELETE')
                             or has_any_column_privilege(session_user, oid, 'SELECT, INSERT, UPDATE'))
                    end
              """),
          new Rule(
              DATABASE,
              """
              select case
                when relkind in ('m', 'f') or (relkind = 'v' and not invoker)
                  then format('has %s, which row security does not bind: use a table, or a view with security_invoker.',
                    name)
                when relkind in ('r', 'p') and not relrowsecurity
                  then format('has a table without row security. Run: alter table %s enable row level security;', name)
                when relkind in ('r', 'p') and not relforcerowsecurity
                  then format('has a table whose owner row security does not bind. Run: alter table %s force row level'
                    || ' security;', name)
                when relkind in ('r', 'p')
                     and not exists (select from pg_policy where polrelid = touchable.oid and polpermissive)
                  then format('has the table %1$s, which no policy lets anybody see. Run: select rowlock.own(''%1$s'');', name)
              end
              from (select oid, oid::regclass as name, relkind, relrowsecurity, relforcerowsecurity,
                      coalesce(reloptions::text ~* 'security_invoker=(true|on|1|yes)', false) as invoker
                    from pg_class
                    where relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                      and relkind in ('r', 'p', 'v', 'm', 'f')
                      and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
                      and (has_table_privilege(session_user, oid, 'SELECT, INSERT, UPDATE, DELETE')
                           or has_any_column_privilege(session_user, oid, 'SELECT, INSERT, UPDATE'))) as touchable
              """),
          // A table without grants: the application login has no privilege on it.
          new Rule(
              DATABASE,
              """
              select format('has the table %1$s without row security. Run in a migration: select rowlock.own(''%1$s'');',
                oid::regclass)
              from pg_class
              where relkind in ('r', 'p') and not relispartition and not relrowsecurity
                and relnamespace::regnamespace::text !~ '^(pg_|information_schema$|rowlock$)'
                and pg_get_userbyid(relowner) = 'rowlock_owner' and relname <> 'flyway_schema_history'
                and not has_table_privilege(session_user, oid, 'SELECT, INSERT, UPDATE, DELETE')
                and not has_any_column_privilege(session_user, oid, 'SELECT, INSERT, UPDATE')
              """),
          // Permissive policies add up: one that does not check the owner exposes the table to
          // all.
          new Rule(
              DATABASE,
              """
              select format('has the policy %I, which does not look at rowlock.owner. Run: drop policy %I on %I.%I;',
                policyname, policyname, schemaname, tablename)
              from pg_policies
              where schemaname !~ '^(pg_|information_schema$)' and permissive = 'PERMISSIVE'
                and (coalesce(replace(qual, 'rowlock.owner_is_visible', ''), 'rowlock.owner') not like '%rowlock.owner%'
                     or coalesce(replace(with_check, 'rowlock.owner_is_visible', ''), 'rowlock.owner')
                       not like '%rowlock.owner%')
              """),
          new Rule(
              DATABASE,
              """
              select format('has the function %1$s, which runs as its owner with the caller''s search_path. Run: alter'
                || ' function %1$s set search_path = pg_catalog, pg_temp;', oid::regprocedure)
              from pg_proc
              where prosecdef and pronamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
                and has_function_privilege(session_user, oid, 'EXECUTE')
                and not coalesce(proconfig::text like '%search_path=%', false)
              """),
          new Rule(
              DATABASE,
              """
              select format('has the function %1$s, which runs as %2$I, whom row security does not bind. Run: alter'
                || ' function %1$s security invoker;', pg_proc.oid::regprocedure, rolname)
              from pg_proc join pg_roles on pg_roles.oid = proowner
              where prosecdef and (rolsuper or rolbypassrls)
                and pronamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
                and has_function_privilege(session_user, pg_proc.oid, 'EXECUTE')
              """),
          new Rule(
              DATABASE,
              """
              select format('has no function %s that %I may call. Restore it.', enter, session_user)
              from unnest(array['rowlock.enter(uuid, text, text, bigint)',
                'rowlock.enter(uuid, text, text, bigint, uuid, bigint, uuid)',
                'rowlock.owner_is_visible()', 'rowlock.account_is_visible()']) as enter
              where not coalesce(has_function_privilege(session_user, to_regprocedure(enter), 'EXECUTE'), false)
              """),
          new Rule(
              DATABASE,
              """
              select format('sets %1$s for every connection, which lets rows be seen without rowlock.enter. Run: alter'
                || ' database or alter role ... reset "%1$s";', setting)
              from unnest(array['rowlock.owner', 'rowlock.entered']) as setting
              where nullif(current_setting(setting, true), '') is not null
              """),
          new Rule(
              LOGIN,
              """
              select format('names %I, which may write the revocation ledger. Run: revoke execute on function %s from'
                || ' public, %I;', session_user, pg_proc.oid::regprocedure, rolname)
              from pg_proc cross join pg_roles
              where pronamespace = to_regnamespace('rowlock')
                and proname in ('apply_event', 'take_turn', 'end_turn', 'prune_ledger', 'erase', 'hear', 'due_erasures', 'erase_due',
                  'erasure_failed', 'account_exists', 'erasure_backlog', 'readmit', 'reassign', 'own')
                and pg_has_role(session_user, pg_roles.oid, 'MEMBER')
                and has_function_privilege(pg_roles.oid, pg_proc.oid, 'EXECUTE')
              """),
          // The rows of a removed account are found by this column, in every table.
          new Rule(
              DATABASE,
              """
              select format('has the table %s, whose rows would stay when their owner''s account is erased: it needs a'
                || ' column owner_id uuid, and a policy that lets the owner delete.', pg_class.oid::regclass)
              from pg_class
              where relnamespace::regnamespace::text !~ '^(pg_|information_schema$)' and relkind in ('r', 'p')
                and not relispartition
                and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
                and (has_table_privilege(session_user, oid, 'INSERT')
                     or has_any_column_privilege(session_user, oid, 'INSERT'))
                and not (exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'owner_id'
                                   and atttypid = 'uuid'::regtype)
                         and exists (select from pg_policy where polrelid = pg_class.oid and polpermissive
                                       and polcmd in ('*', 'd')))
              """),
          // rowlock.own creates this policy.
          new Rule(
              DATABASE,
              """
              select format('has the table %1$s, which shows the rows of removed accounts. Run: select'
                || ' rowlock.own(''%1$s'');',
                pg_class.oid::regclass)
              from pg_class
              where relnamespace::regnamespace::text !~ '^(pg_|information_schema$)' and relkind in ('r', 'p')
                and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
                and (has_table_privilege(session_user, oid, 'SELECT, INSERT, UPDATE, DELETE')
                     or has_any_column_privilege(session_user, oid, 'SELECT, INSERT, UPDATE'))
                and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'owner_id'
                              and not attisdropped)
                and not exists (select from pg_policy where polrelid = pg_class.oid and not polpermissive
                                  and polcmd = '*' and 0 = any (polroles)
                                  and pg_get_expr(polqual, polrelid) like '%rowlock.owner_is_visible()%'
                                  and polwithcheck is null)
              """));

  private static final List<Rule> OF_LEDGER =
      List.of(
          new Rule(
              LEDGER,
              """
              select format('names %1$I, which has rights on the table %2$s. It may call the functions of the ledger and'
                || ' nothing else. Run: revoke all on %2$s from public, %1$I;', session_user, oid::regclass)
              from pg_class
              where relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
                and relkind in ('r', 'p', 'v', 'm', 'f')
                and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
                and (has_table_privilege(session_user, oid,
                       'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
                     or has_any_column_privilege(session_user, oid, 'SELECT, INSERT, UPDATE'))
              """),
          new Rule(
              DATABASE,
              """
              select format('has no function %s that %I may call. Restore it.', needed, session_user)
              from unnest(array['rowlock.apply_event(text, text, text, text, uuid, timestamptz, interval, interval)',
                'rowlock.take_turn(interval)', 'rowlock.end_turn(text)', 'rowlock.prune_ledger(integer)',
                'rowlock.due_erasures(integer)', 'rowlock.erase_due(uuid)', 'rowlock.erasure_failed(uuid)',
                'rowlock.account_exists(uuid, timestamptz)', 'rowlock.erasure_backlog()']) as needed
              where not coalesce(has_function_privilege(session_user, to_regprocedure(needed), 'EXECUTE'), false)
              """));

  private RowSecurityGuard() {}

  /**
   * @param pool connections of the application login
   * @throws InvalidSettingException naming the first violation, and the number of others
   */
  static void check(DataSource pool) {
    List<InvalidSettingException> found = new ArrayList<>();
    collect(pool, OF_EACH_LOGIN, found);
    collect(pool, OF_APPLICATION, found);
    refuse(found);
  }

  /**
   * @param pool connections of the login that writes the ledger
   * @throws InvalidSettingException as {@link #check} does
   */
  static void checkLedger(DataSource pool) {
    List<InvalidSettingException> found = new ArrayList<>();
    collect(
        pool,
        OF_EACH_LOGIN.stream().map(rule -> new Rule(LEDGER, rule.violations())).toList(),
        found);
    collect(pool, OF_LEDGER, found);
    refuse(found);
  }

  private static void collect(
      DataSource pool, List<Rule> rules, List<InvalidSettingException> found) {
    var login = new JdbcTemplate(pool);
    for (var rule : rules) {
      for (var violation : login.queryForList(rule.violations(), String.class)) {
        if (violation != null) {
          found.add(new InvalidSettingException(rule.variable(), violation));
        }
      }
    }
  }

  private static void refuse(List<InvalidSettingException> found) {
    if (!found.isEmpty()) {
      var first = found.getFirst();
      throw found.size() == 1
          ? first
          : new InvalidSettingException(
              first.variable(), first.reason() + " (" + (found.size() - 1) + " more)");
    }
  }
}
