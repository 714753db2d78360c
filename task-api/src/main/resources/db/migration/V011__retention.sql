-- Removal of an account revokes its tokens and hides its rows in the same transaction. The rows are deleted after a
-- retention period, unless the account exists again by then. See docs/data-loss.md and docs/adr/0009-revocation-ledger.md
--
-- removed_at and existing_at are only ever raised, so that the order in which events arrive does not matter. An account is
-- removed while removed_at >= existing_at. erase_after is set while its rows await erasure, erased_at when they were erased.
alter table api.account_gate
  add column removed_at      timestamptz, -- time of the latest removal, by the issuer's clock
  add column existing_at     timestamptz, -- latest time at which the account is known to have existed, see api.certainly
  add column erase_after     timestamptz, -- the rows are due for erasure from then on
  add column erase_failed_at timestamptz; -- the latest attempt that failed
update api.account_gate set removed_at = erased_at where erased_at is not null;
create index account_gate_erase_after on api.account_gate (erase_after) where erase_after is not null;

-- Rows that an operator has assigned to another owner. Kept permanently.
create table api.reassignment (
  id         bigint      generated always as identity primary key,
  at         timestamptz not null default now(),
  operator   text        not null default session_user,
  from_owner uuid        not null,
  to_owner   uuid        not null,
  moved      jsonb       not null, -- number of rows by table
  reason     text        not null
);

-- The latest time at which the account must have existed if a token was issued, or the account was enabled or disabled, at
-- the given time. A token can be issued by a request that was under way during the removal, or by a server whose clock is
-- ahead: neither may undo a removal.
create function api.certainly(at timestamptz) returns timestamptz
  language sql
  stable
  return at - interval '1 minute';

-- Whether the rows of the current owner are visible: false while the account is removed. For row security policies, which
-- evaluate it once a statement. It runs as its owner, because application logins have no right on the ledger.
create function api.owner_is_visible() returns boolean
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off -- plans are kept: see V003
as $$
begin
  return not exists (select from api.account_gate
                     where sub = nullif(current_setting('api.owner', true), '')::uuid
                       and removed_at >= coalesce(existing_at, '-infinity'));
end
$$;

-- Adds the policy that hides rows of removed accounts to each table with an owner that lacks it. afterMigrate.sql calls it
-- at each start, so a new table needs no policy of its own for that. It does not bind task_owner, which erases the rows.
create function api.protect_removed() returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  unprotected regclass;
begin
  perform pg_advisory_xact_lock(hashtext('rowlock policies')); -- replicas that start at the same time
  for unprotected in
    select attrelid::regclass from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'api'::regnamespace and relkind in ('r', 'p') and relowner = (select oid from pg_roles where rolname = current_user)
      and attname = 'owner_id' and not attisdropped
      and not exists (select from pg_policy where polrelid = attrelid and polname = 'owner_is_visible')
  loop
    execute format(
      'create policy owner_is_visible on %s as restrictive'
      ' using ((select current_user = ''task_owner'' or api.owner_is_visible()))', unprotected);
  end loop;
end
$$;

-- Readmits a removed account whose token was issued after the removal: the issuer issues tokens to existing accounts only.
-- Its rows are visible again, and no longer await erasure. Returns false if the token is not to be accepted.
create function api.readmit(owner uuid, issued_at bigint) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
begin
  update api.account_gate
  set existing_at = greatest(existing_at, api.certainly(to_timestamp(issued_at))),
      erase_after = null,
      erase_failed_at = null
  where sub = owner
    and removed_at < api.certainly(to_timestamp(issued_at))
    and issued_at > extract(epoch from not_before)
    and coalesce(disabled_at < coalesce(enabled_at, '-infinity'), true);
  return found;
end
$$;

create or replace function api.enter(owner uuid, session text, client text, issued_at bigint) returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  entered text;
begin
  if owner is null or session is null or client is null or issued_at is null then
    raise exception 'no owner' using errcode = 'TA401';
  end if;
  -- An account is erased under the other half of this lock: after the transactions that have got here.
  perform pg_advisory_xact_lock_shared(uuid_hash_extended(owner, 0));
  if exists (select from api.revoked_session
             where sid = session and client_id in ('', client) and issued_at <= issued_until)
     or exists (select from api.realm_gate where single and issued_at <= extract(epoch from not_before))
  then
    raise exception 'cut off' using errcode = 'TA401';
  end if;
  if exists (select from api.account_gate
             where sub = owner
               -- A token tells its time in whole seconds. One of the very second of the cut may be older than the
               -- cut, so it is refused too.
               and (issued_at <= extract(epoch from not_before)
                    or removed_at >= coalesce(existing_at, '-infinity')
                    or disabled_at >= coalesce(enabled_at, '-infinity')))
     and not api.readmit(owner, issued_at)
  then
    raise exception 'cut off' using errcode = 'TA401';
  end if;
  entered := set_config('api.owner', owner::text, true);
end
$$;

-- The tables whose rows have an owner.
create function api.owned_tables() returns regclass[]
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(attrelid::regclass order by attrelid), '{}')
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relnamespace = 'api'::regnamespace and relkind in ('r', 'p') and not relispartition
    and attname = 'owner_id' and not attisdropped;
$$;

-- Deletes the rows of an account from every table that has the column owner_id. Returns the number of rows by table.
drop function api.erase(uuid);
create function api.erase(account uuid) returns jsonb
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  tables  regclass[] := api.owned_tables();
  blocked regclass[];
  target  regclass;
  deleted bigint;
  erased  jsonb := '{}';
begin
  perform set_config('api.owner', account::text, true);
  while tables <> '{}' loop
    blocked := '{}';
    foreach target in array tables loop
      begin
        execute format('delete from %s where owner_id = $1', target) using account;
        get diagnostics deleted = row_count;
        if deleted > 0 then
          erased := erased || jsonb_build_object(target::text, deleted);
        end if;
      exception when foreign_key_violation then
        blocked := blocked || target; -- another table's rows have to be deleted first
      end;
    end loop;
    if cardinality(blocked) = cardinality(tables) then
      raise exception 'rows of % are still referred to', blocked using errcode = 'foreign_key_violation';
    end if;
    tables := blocked;
  end loop;
  perform set_config('api.owner', '', true);
  return erased;
end
$$;

-- Puts an event into the ledger. Returns false if it was there before.
-- keep: how long a token can be used after it was issued, clocks that differ included.
-- retention: how long the rows of a removed account are kept; 0 deletes them in this transaction.
drop function api.apply_event(text, text, text, text, uuid, timestamptz, interval);
create function api.apply_event(
  event text, change text, session text, client text, account uuid, happened_at timestamptz, keep interval,
  retention interval
) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  expires timestamptz := greatest(happened_at, now()) + keep;
  -- An event may arrive long after it happened. Even then there is time for a later event to arrive, or for the user to
  -- come back with a new token.
  due     timestamptz := greatest(happened_at + retention, now() + least(retention, interval '1 hour'));
  pending timestamptz;
begin
  if change = 'account-purged' then
    perform pg_advisory_xact_lock(uuid_hash_extended(account, 0)); -- see api.enter; first of all locks, always
  end if;

  insert into api.received_event (jti, expires_at) values (event, expires) on conflict (jti) do nothing;
  if not found then
    perform api.hear();
    return false;
  end if;

  case change
    when 'session-ended' then
      insert into api.revoked_session as old (sid, expires_at) values (session, expires)
      on conflict (sid, client_id) do update set expires_at = greatest(old.expires_at, excluded.expires_at);
    when 'client-session-ended' then
      insert into api.revoked_session as old (sid, client_id, issued_until, expires_at)
      values (session, client, floor(extract(epoch from happened_at)), expires)
      on conflict (sid, client_id) do update
        set issued_until = greatest(old.issued_until, excluded.issued_until),
            expires_at = greatest(old.expires_at, excluded.expires_at);
    when 'account-sessions-ended' then
      insert into api.account_gate as old (sub, not_before, expires_at) values (account, happened_at, expires)
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            expires_at = greatest(old.expires_at, excluded.expires_at);
    when 'all-sessions-ended' then
      update api.realm_gate set not_before = greatest(not_before, happened_at) where single;
    when 'account-disabled' then
      insert into api.account_gate as old (sub, not_before, disabled_at, existing_at)
      values (account, happened_at, happened_at, api.certainly(happened_at))
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            disabled_at = greatest(old.disabled_at, excluded.disabled_at),
            existing_at = greatest(old.existing_at, excluded.existing_at),
            expires_at = 'infinity';
    when 'account-enabled', 'account-created' then
      insert into api.account_gate as old (sub, not_before, enabled_at, existing_at)
      values (account, '-infinity', happened_at,
              case change when 'account-created' then happened_at else api.certainly(happened_at) end)
      on conflict (sub) do update
        set enabled_at = greatest(old.enabled_at, excluded.enabled_at),
            existing_at = greatest(old.existing_at, excluded.existing_at),
            expires_at = 'infinity';
    when 'account-purged' then
      insert into api.account_gate as old (sub, not_before, removed_at, erase_after)
      values (account, happened_at, happened_at, due)
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            removed_at = greatest(old.removed_at, excluded.removed_at),
            erase_after = case
              when old.removed_at > excluded.removed_at then old.erase_after
              -- told twice: what has been erased or is not to be erased stays so
              when old.removed_at = excluded.removed_at and old.erase_after is null then null
              when old.removed_at = excluded.removed_at then greatest(old.erase_after, excluded.erase_after)
              else excluded.erase_after
            end,
            expires_at = 'infinity';
    when 'none' then
      null; -- worth knowing, and nothing to cut off
  end case; -- anything else is an error: nothing may be acknowledged that is not done

  if change like 'account-%' then
    update api.account_gate set erase_after = null, erase_failed_at = null
    where sub = account and erase_after is not null and existing_at > removed_at;
  end if;
  if change = 'account-purged' and retention <= interval '0' then
    select erase_after into pending from api.account_gate where sub = account;
    if pending is not null then
      perform api.erase(account);
      update api.account_gate set erase_after = null, erase_failed_at = null, erased_at = now() where sub = account;
    end if;
  end if;
  perform api.hear(); -- last, because it locks a row that others want too
  return true;
end
$$;

-- Accounts whose rows are due for erasure, those that failed last at the end and not again within five minutes.
create function api.due_erasures(most integer, out account uuid, out removed timestamptz) returns setof record
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select sub, removed_at from api.account_gate
  where erase_after <= now() and coalesce(erase_failed_at < now() - interval '5 minutes', true)
  order by erase_failed_at nulls first, erase_after
  limit most;
$$;

-- Deletes the rows of an account that is due. Returns the number of rows by table; null if there was nothing to do, because
-- another replica has done it, or the account exists again, or a transaction of its owner is under way.
create function api.erase_due(account uuid) returns jsonb
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  erased jsonb;
begin
  if not pg_try_advisory_xact_lock(uuid_hash_extended(account, 0)) then
    return null;
  end if;
  perform from api.account_gate
  where sub = account and erase_after <= now() and removed_at >= coalesce(existing_at, '-infinity')
  for update;
  if not found then
    return null;
  end if;
  erased := api.erase(account);
  update api.account_gate set erase_after = null, erase_failed_at = null, erased_at = now() where sub = account;
  return erased;
end
$$;

-- Notes that an erasure failed, so that it holds up no other.
create function api.erasure_failed(account uuid) returns void
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  update api.account_gate set erase_failed_at = now() where sub = account and erase_after is not null;
$$;

-- The issuer says that an account exists although it was removed at the given time: its rows are visible again.
create function api.account_exists(account uuid, removed timestamptz) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
begin
  update api.account_gate
  set existing_at = greatest(existing_at, removed + interval '1 microsecond'), erase_after = null, erase_failed_at = null
  where sub = account and removed_at = removed and erase_after is not null;
  return found;
end
$$;

-- Accounts whose rows await erasure, and for how long the oldest of them has been due.
create function api.erasure_backlog(out pending bigint, out overdue interval)
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select count(*), greatest(now() - min(erase_after), interval '0')
  from api.account_gate where erase_after is not null;
$$;

-- For operators, who call it as task_owner: assigns all rows of an owner to another one, writes that down in
-- api.reassignment, and returns the number of rows by table. Nothing is changed if it fails. Row security lets no
-- statement see two owners, so it is lifted for task_owner alone, under a lock that ends with the transaction.
create function api.reassign(from_owner uuid, to_owner uuid, reason text) returns jsonb
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '5s'
as $$
declare
  tables   regclass[] := api.owned_tables();
  target   regclass;
  changed  bigint;
  moved    jsonb := '{}';
  conflict text;
begin
  if from_owner is null or to_owner is null or from_owner = to_owner then
    raise exception 'Name two different owners' using errcode = 'invalid_parameter_value';
  end if;
  if btrim(coalesce(reason, '')) = '' then
    raise exception 'Give a reason, such as the number of a ticket' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(uuid_hash_extended(least(from_owner, to_owner), 0));
  perform pg_advisory_xact_lock(uuid_hash_extended(greatest(from_owner, to_owner), 0));
  if exists (select from api.account_gate
             where sub = to_owner and removed_at >= coalesce(existing_at, '-infinity')) then
    raise exception 'The account % is removed', to_owner using errcode = 'invalid_parameter_value';
  end if;
  foreach target in array tables loop
    execute format('alter table %s no force row level security', target);
  end loop;
  set constraints all deferred;
  foreach target in array tables loop
    begin
      execute format('update %s set owner_id = $2 where owner_id = $1', target) using from_owner, to_owner;
      get diagnostics changed = row_count;
    exception when unique_violation then
      get stacked diagnostics conflict = constraint_name;
      raise exception 'The owner % already has a row of % with the same key', to_owner, target
        using errcode = 'unique_violation', detail = conflict;
    end;
    if changed > 0 then
      moved := moved || jsonb_build_object(target::text, changed);
    end if;
  end loop;
  set constraints all immediate;
  foreach target in array tables loop
    execute format('alter table %s force row level security', target);
  end loop;
  if moved = '{}' then
    raise exception 'The owner % has no rows', from_owner using errcode = 'no_data_found';
  end if;
  insert into api.reassignment (from_owner, to_owner, moved, reason) values (from_owner, to_owner, moved, reason);
  return moved;
end
$$;
