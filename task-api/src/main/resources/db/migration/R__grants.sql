-- All that the application may do. It runs again when it is changed, or when ROWLOCK_DB_USER names another role.
-- No right on the ledger and the used proofs, and none of truncate, references, trigger and maintain: row security does not see those.
revoke all on all tables in schema api from public, ${application};
revoke all on all sequences in schema api from public, ${application};
revoke all on all functions in schema api from public, ${application};
revoke all on schema api from public, ${application};

grant usage on schema api to ${application};
grant select, insert, update, delete on api.task to ${application};
grant execute on function api.enter(uuid, text, bigint) to ${application};
grant execute on function api.enter(uuid, text, bigint, uuid, bigint, uuid) to ${application};
