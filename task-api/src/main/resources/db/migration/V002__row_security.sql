-- Nobody may call a function of this schema unless R__grants.sql says so.
alter default privileges revoke execute on functions from public;

-- Every statement of the application begins with this call, in the same round trip and the same implicit transaction.
-- It asks the ledger, then says whose rows the transaction may touch. The setting ends with the transaction.
-- It runs as its owner, because the application itself has no right on the ledger.
create function api.enter(owner uuid, session text, issued_at bigint) returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if owner is null or session is null or issued_at is null then
    raise exception 'no owner' using errcode = 'TA401';
  end if;
  if exists (select from api.revoked_session where sid = session)
     or exists (select from api.account_gate
                where sub = owner
                  -- A token tells its time in whole seconds. One of the very second of the cut may be older than the
                  -- cut, so it is refused too.
                  and (erased_at is not null or issued_at <= extract(epoch from not_before)))
  then
    raise exception 'cut off' using errcode = 'TA401';
  end if;
  perform set_config('api.owner', owner::text, true);
end
$$;

-- Whose rows: none when api.enter was not called. The setting is an empty string, not null, after a transaction that
-- had set it. The sub-select is evaluated once a statement, not once a row.
alter table api.task enable row level security;
alter table api.task force row level security; -- binds the owner of the table too
create policy task_of_owner on api.task
  using (owner_id = (select nullif(current_setting('api.owner', true), '')::uuid))
  with check (owner_id = (select nullif(current_setting('api.owner', true), '')::uuid));
