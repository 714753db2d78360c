-- All that the two logins may do. It runs again when it is changed, or when ROWLOCK_DB_USER or ROWLOCK_DB_LEDGER_USER
-- names another role. Neither login has a right on the ledger and the used proofs. No login has truncate, references,
-- trigger or maintain on a table: row security does not restrict those.
insert into rowlock.application_login (name) values (${application_name})
on conflict (single) do update set name = excluded.name;

revoke all on all tables in schema rowlock from public, ${application}, ${ledger};
revoke all on all sequences in schema rowlock from public, ${application}, ${ledger};
revoke all on all functions in schema rowlock from public, ${application}, ${ledger};
revoke all on schema rowlock from public, ${application}, ${ledger};

-- nor on functions that later migrations add, which PostgreSQL would let every login call
alter default privileges revoke execute on functions from public;

grant usage on schema rowlock to ${application}, ${ledger};
grant execute on function rowlock.enter(uuid, text, text, bigint) to ${application};
grant execute on function rowlock.enter(uuid, text, text, bigint, uuid, bigint, uuid) to ${application};
grant execute on function rowlock.owner() to ${application}; -- the default of owner_id
grant execute on function rowlock.owner_is_visible() to ${application}; -- called by row security
grant execute on function rowlock.account_is_visible() to ${application};

grant execute on function rowlock.apply_event(text, text, text, text, uuid, timestamptz, interval, interval) to ${ledger};
grant execute on function rowlock.take_turn(interval) to ${ledger};
grant execute on function rowlock.end_turn(text) to ${ledger};
grant execute on function rowlock.prune_ledger(integer) to ${ledger};
grant execute on function rowlock.due_erasures(integer) to ${ledger};
grant execute on function rowlock.erase_due(uuid) to ${ledger};
grant execute on function rowlock.erasure_failed(uuid) to ${ledger};
grant execute on function rowlock.account_exists(uuid, timestamptz) to ${ledger};
grant execute on function rowlock.erasure_backlog() to ${ledger};

-- The tables that the login of the application may use: the idempotency keys, and those that migrations have put under
-- row security so far.
select rowlock.own('rowlock.idempotency_key');
select rowlock.own(polrelid) from pg_policy where polname = 'rows_of_owner';
