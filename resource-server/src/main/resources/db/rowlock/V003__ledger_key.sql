-- One lookup for each statement instead of three, unless something is revoked. See docs/how-isolation-works.md

-- The sessions and accounts of which the ledger may revoke tokens, and '' if it revokes tokens of the whole realm.
-- A superfluous key costs time only. A missing key would admit a revoked token, so triggers add them to whatever changes
-- the ledger, in the same transaction.
create table rowlock.ledger_key (
  key        text        collate "C" primary key,
  expires_at timestamptz not null -- not before the row of the ledger
);
create index ledger_key_expires_at on rowlock.ledger_key (expires_at);

create function rowlock.add_ledger_key() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  changed jsonb := to_jsonb(new);
begin
  insert into rowlock.ledger_key as known (key, expires_at)
  values (coalesce(changed ->> tg_argv[0], ''), coalesce((changed ->> 'expires_at')::timestamptz, 'infinity'))
  on conflict (key) do update set expires_at = greatest(known.expires_at, excluded.expires_at);
  return null;
end
$$;

-- Running nodes change the ledger until these locks are taken, and only with triggers afterwards.
create trigger add_key after insert or update on rowlock.revoked_session
  for each row execute function rowlock.add_ledger_key('sid');
-- An account that was only enabled or created is not refused.
create trigger add_key after insert or update on rowlock.account_gate
  for each row when (new.not_before > '-infinity' or new.disabled_at is not null or new.removed_at is not null)
  execute function rowlock.add_ledger_key('sub');
create trigger add_key after insert or update on rowlock.realm_gate
  for each row when (new.not_before > '-infinity') execute function rowlock.add_ledger_key();
-- in a session that applies changes of a replica, too
alter table rowlock.revoked_session enable always trigger add_key;
alter table rowlock.account_gate enable always trigger add_key;
alter table rowlock.realm_gate enable always trigger add_key;

insert into rowlock.ledger_key (key, expires_at)
select key, max(expires_at) from (
  select sid, expires_at from rowlock.revoked_session
  union all
  select sub::text, expires_at from rowlock.account_gate
  where not_before > '-infinity' or disabled_at is not null or removed_at is not null
  union all
  select '', 'infinity' from rowlock.realm_gate where not_before > '-infinity') as revoked (key, expires_at)
group by key;

-- As before, but the ledger is read only if it has one of the keys.
create or replace function rowlock.enter(owner uuid, session text, client text, issued_at bigint) returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  revoked boolean;
  gated   boolean;
begin
  if owner is null or session is null or client is null or issued_at is null then
    raise exception 'no owner' using errcode = 'TA401';
  end if;
  -- An account is erased under the other half of this lock: after the transactions that have got here.
  perform pg_advisory_xact_lock_shared(uuid_hash_extended(owner, 0));
  perform from rowlock.ledger_key where key = any (array[session, owner::text, '']);
  if found then
    select exists (select from rowlock.revoked_session
                   where sid = session and client_id in ('', client) and issued_at <= issued_until)
           or exists (select from rowlock.realm_gate where single and issued_at <= extract(epoch from not_before)),
           exists (select from rowlock.account_gate
                   where sub = owner
                     -- A token states its time in whole seconds. One of the very second of the revocation may be older
                     -- than the revocation, so it is refused too.
                     and (issued_at <= extract(epoch from not_before)
                          or removed_at >= coalesce(existing_at, '-infinity')
                          or disabled_at >= coalesce(enabled_at, '-infinity')))
    into revoked, gated;
    if revoked or gated and not rowlock.readmit(owner, issued_at) then
      raise exception 'cut off' using errcode = 'TA401';
    end if;
  end if;
  perform set_config('rowlock.owner', owner::text, true), set_config('rowlock.entered', owner::text, true);
end
$$;

-- As before, with the keys, which the result does not count.
create or replace function rowlock.prune_ledger(most integer) returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  pruned  bigint := 0;
  removed bigint;
begin
  delete from rowlock.revoked_session where ctid = any (array(
    select ctid from rowlock.revoked_session where expires_at < now() order by expires_at limit most for update skip locked));
  get diagnostics removed = row_count;
  pruned := pruned + removed;
  delete from rowlock.account_gate where ctid = any (array(
    select ctid from rowlock.account_gate where expires_at < now() order by expires_at limit most for update skip locked));
  get diagnostics removed = row_count;
  pruned := pruned + removed;
  delete from rowlock.received_event where ctid = any (array(
    select ctid from rowlock.received_event where expires_at < now() order by expires_at limit most for update skip locked));
  get diagnostics removed = row_count;
  delete from rowlock.ledger_key where ctid = any (array(
    select ctid from rowlock.ledger_key where expires_at < now() order by expires_at limit 2 * most for update skip locked));
  return pruned + removed;
end
$$;
