-- All that the application may do. It runs again when it is changed, or when ROWLOCK_DB_USER or ROWLOCK_DB_LEDGER_USER
-- names another role. No right on the ledger and the used proofs, for either login, and none of truncate, references,
-- trigger and maintain: row security does not see those.
revoke all on all tables in schema api from public, ${application}, ${ledger};
revoke all on all sequences in schema api from public, ${application}, ${ledger};
revoke all on all functions in schema api from public, ${application}, ${ledger};
revoke all on schema api from public, ${application}, ${ledger};

-- nor on functions that later migrations add, which PostgreSQL would let every login call
alter default privileges revoke execute on functions from public;

grant usage on schema api to ${application}, ${ledger};
grant select, insert, update, delete on api.task to ${application};
grant select, insert, update, delete on api.idempotency_key to ${application};
grant execute on function api.enter(uuid, text, text, bigint) to ${application};
grant execute on function api.enter(uuid, text, text, bigint, uuid, bigint, uuid) to ${application};
grant execute on function api.owner_is_visible() to ${application}; -- called by row security

-- What the issuer says is for the receiver of security events to write down, and for nobody else.
grant execute on function api.apply_event(text, text, text, text, uuid, timestamptz, interval, interval) to ${ledger};
grant execute on function api.take_turn(interval) to ${ledger};
grant execute on function api.end_turn(text) to ${ledger};
grant execute on function api.prune_ledger(integer) to ${ledger};
grant execute on function api.due_erasures(integer) to ${ledger};
grant execute on function api.erase_due(uuid) to ${ledger};
grant execute on function api.erasure_failed(uuid) to ${ledger};
grant execute on function api.account_exists(uuid, timestamptz) to ${ledger};
grant execute on function api.erasure_backlog() to ${ledger};
