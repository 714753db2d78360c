-- Everything of the engine, in the schema rowlock. All objects belong to the role rowlock_owner, which cannot log in.
-- See docs/adr/0002-one-round-trip.md and docs/adr/0009-revocation-ledger.md

-- No function may be called by every login: R__grants.sql grants what the two logins need.
alter default privileges revoke execute on functions from public;

-- ---------------------------------------------------------------------------------------------------------------------
-- The revocation ledger: what was revoked before its tokens expire. Events that arrive twice, or in another order than
-- they happened, leave the same rows: all columns only ever grow.

-- Client '': the whole session, whatever the token's iat. Otherwise one client's part of it: tokens issued until then.
create table rowlock.revoked_session (
  sid          text        not null,
  expires_at   timestamptz not null,
  client_id    text        not null default '',
  issued_until bigint      not null default 9223372036854775807, -- seconds, as a token's iat
  primary key (sid, client_id)
);
create index revoked_session_expires_at on rowlock.revoked_session (expires_at);

-- An account is disabled while disabled_at >= enabled_at, and removed while removed_at >= existing_at. Both times stay, so
-- that an older event that arrives late changes nothing. A row that only revokes tokens expires with them.
create table rowlock.account_gate (
  sub             uuid        primary key,
  not_before      timestamptz not null, -- tokens issued until then are revoked
  disabled_at     timestamptz,
  enabled_at      timestamptz,
  removed_at      timestamptz, -- time of the latest removal, by the issuer's clock
  existing_at     timestamptz, -- latest time at which the account is known to have existed, see rowlock.certainly
  erase_after     timestamptz, -- the rows are due for erasure from then on
  erase_failed_at timestamptz, -- the latest attempt that failed
  erased_at       timestamptz, -- when the rows were erased
  expires_at      timestamptz not null default 'infinity'
);
create index account_gate_expires_at on rowlock.account_gate (expires_at);
create index account_gate_erase_after on rowlock.account_gate (erase_after) where erase_after is not null;

-- Every token that was issued until then is revoked. One row.
create table rowlock.realm_gate (
  single     boolean     primary key default true check (single),
  not_before timestamptz not null default '-infinity'
);
insert into rowlock.realm_gate default values;

-- Events that are in the ledger already, so that a repeated one writes nothing.
create table rowlock.received_event (
  jti        text        primary key,
  expires_at timestamptz not null
);
create index received_event_expires_at on rowlock.received_event (expires_at);

-- Until where the issuer's events are known, and when it last answered. One row.
create table rowlock.event_source (
  single   boolean     primary key default true check (single),
  reached  text,                                     -- a cursor of the issuer's
  asked_at timestamptz not null default '-infinity', -- by whichever replica
  heard_at timestamptz
);
insert into rowlock.event_source default values;

-- Rows that an operator has assigned to another owner. Kept permanently.
create table rowlock.reassignment (
  id         bigint      generated always as identity primary key,
  at         timestamptz not null default now(),
  operator   text        not null default session_user,
  from_owner uuid        not null,
  to_owner   uuid        not null,
  moved      jsonb       not null, -- number of rows by table
  reason     text        not null
);

-- Proofs of possession (RFC 9449) that were used: none is valid twice, on whichever replica. Unlogged, so that a request
-- that only reads does not wait for a disk. See docs/adr/0005-dpop-replay.md
create unlogged table rowlock.seen_proof (
  id      uuid        primary key, -- stands for the key and jti
  request uuid        not null,    -- the request that used it; its further statements are accepted
  used_at timestamptz not null default now()
);

-- Unlogged relations are emptied by a crash and by a promotion. This sequence is emptied together with the table, back to
-- 0, and unlike a row it keeps what is set in a transaction that fails. It holds the second since which no proof has
-- been forgotten.
create unlogged sequence rowlock.proofs_known_since minvalue 0 start 0;
select setval('rowlock.proofs_known_since', 1); -- no proof has been used yet

-- The login whose statements row security restricts, as R__grants.sql has set it. One row.
create table rowlock.application_login (
  single boolean primary key default true check (single),
  name   name    not null
);


-- ---------------------------------------------------------------------------------------------------------------------
-- Row security.

-- The owner of the current transaction; null if rowlock.enter was not called. The default of each column owner_id.
-- The setting is an empty string, not null, after a transaction that had set it.
create function rowlock.owner() returns uuid
  language sql
  stable
  return nullif(current_setting('rowlock.owner', true), '')::uuid;

-- The latest time at which the account must have existed if a token was issued, or the account was enabled or disabled, at
-- the given time. A token can be issued by a request that was under way during the removal, or by a server whose clock is
-- ahead: neither may undo a removal.
create function rowlock.certainly(at timestamptz) returns timestamptz
  language sql
  stable
  return at - interval '1 minute';

-- Whether the rows of the current owner are visible: false while the account is removed. For row security policies, which
-- evaluate it once a statement. It runs as its owner, because application logins have no right on the ledger.
create function rowlock.owner_is_visible() returns boolean
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
begin
  return not exists (select from rowlock.account_gate
                     where sub = nullif(current_setting('rowlock.owner', true), '')::uuid
                       and removed_at >= coalesce(existing_at, '-infinity'));
end
$$;

-- Puts a table under row security. Call it once for each table, in the migration that creates it, as its owner.
-- The table needs a column owner_id uuid not null that leads its primary key, so that keys of different owners never
-- collide. The function adds the default of owner_id, enables and forces row security, creates both policies, and grants
-- the application's login select, insert, update and delete. Calling it again changes nothing.
create function rowlock.own(owned regclass) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  login    name;
  space    name;
  sequence regclass;
begin
  perform pg_advisory_xact_lock(hashtext('rowlock policies')); -- replicas that start at the same time
  if not exists (select from pg_class where oid = owned and relkind in ('r', 'p')) then
    raise exception '% is not a table', owned using errcode = 'wrong_object_type';
  end if;
  if not exists (select from pg_class where oid = owned and relowner = (select oid from pg_roles where rolname = current_user)) then
    raise exception '% does not belong to %', owned, current_user using errcode = 'insufficient_privilege',
      hint = 'Create the table in a migration that the application runs at its start.';
  end if;
  if not exists (select from pg_attribute
                 where attrelid = owned and attname = 'owner_id' and atttypid = 'uuid'::regtype and attnotnull
                   and not attisdropped) then
    raise exception '% has no column owner_id uuid not null', owned using errcode = 'undefined_column',
      hint = format('Add it to the table: alter table %s add column owner_id uuid not null;', owned);
  end if;
  if not exists (select from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
                 where indrelid = owned and indisprimary and attname = 'owner_id') then
    raise exception 'The primary key of % does not begin with owner_id', owned using errcode = 'invalid_table_definition',
      hint = 'Declare it like primary key (owner_id, id).';
  end if;

  if not exists (select from pg_attribute where attrelid = owned and attname = 'owner_id' and atthasdef) then
    execute format('alter table %s alter column owner_id set default rowlock.owner()', owned);
  end if;
  if not exists (select from pg_class where oid = owned and relrowsecurity and relforcerowsecurity) then
    execute format('alter table %s enable row level security', owned);
    execute format('alter table %s force row level security', owned); -- binds the owner of the table too
  end if;
  if not exists (select from pg_policy where polrelid = owned and polname = 'rows_of_owner') then
    -- The sub-select is evaluated once per statement, not once per row.
    execute format($policy$
      create policy rows_of_owner on %s
        using (owner_id = (select nullif(current_setting('rowlock.owner', true), '')::uuid))
        with check (owner_id = (select nullif(current_setting('rowlock.owner', true), '')::uuid))
    $policy$, owned);
  end if;
  if not exists (select from pg_policy where polrelid = owned and polname = 'owner_is_visible') then
    -- Hides the rows of removed accounts. It does not restrict rowlock_owner, which erases them.
    execute format($policy$
      create policy owner_is_visible on %s as restrictive
        using ((select current_user = 'rowlock_owner' or rowlock.owner_is_visible()))
    $policy$, owned);
  end if;

  select name into login from rowlock.application_login;
  for space in
    select nspname from pg_namespace join pg_class on relnamespace = pg_namespace.oid
    where pg_class.oid = owned and not has_schema_privilege(login, pg_namespace.oid, 'USAGE')
  loop
    execute format('grant usage on schema %I to %I', space, login);
  end loop;
  execute format('revoke all on %s from public, %I', owned, login);
  execute format('grant select, insert, update, delete on %s to %I', owned, login);
  for sequence in -- of serial columns; identity columns need no right
    select objid::regclass from pg_depend join pg_class on pg_class.oid = objid
    where refobjid = owned and deptype = 'a' and relkind = 'S'
  loop
    execute format('grant usage on sequence %s to %I', sequence, login);
  end loop;
end
$$;

-- The tables that rowlock.own has put under row security, and those of rowlock_owner that were forgotten and have an owner.
create function rowlock.owned_tables() returns regclass[]
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(attrelid::regclass order by attrelid), '{}')
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relkind in ('r', 'p') and not relispartition and pg_get_userbyid(relowner) = 'rowlock_owner'
    and attname = 'owner_id' and not attisdropped;
$$;


-- ---------------------------------------------------------------------------------------------------------------------
-- Before each statement.

-- Readmits a removed account whose token was issued after the removal: the issuer issues tokens to existing accounts only.
-- Its rows are visible again, and no longer await erasure. Returns false if the token is not to be accepted.
create function rowlock.readmit(owner uuid, issued_at bigint) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
begin
  update rowlock.account_gate
  set existing_at = greatest(existing_at, rowlock.certainly(to_timestamp(issued_at))),
      erase_after = null,
      erase_failed_at = null
  where sub = owner
    and removed_at < rowlock.certainly(to_timestamp(issued_at))
    and issued_at > extract(epoch from not_before)
    and coalesce(disabled_at < coalesce(enabled_at, '-infinity'), true);
  return found;
end
$$;

-- Every statement of the application begins with this call, in the same round trip and the same implicit transaction. It
-- checks the ledger, then sets the owner that row security reads until the transaction ends. It runs as its owner,
-- because the application's login has no right on the ledger. enable_seqscan is off because a plan that is made while a
-- table is small outlives its growth: without that it would read the whole table in each call, on connections that live
-- long.
create function rowlock.enter(owner uuid, session text, client text, issued_at bigint) returns void
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
  if exists (select from rowlock.revoked_session
             where sid = session and client_id in ('', client) and issued_at <= issued_until)
     or exists (select from rowlock.realm_gate where single and issued_at <= extract(epoch from not_before))
  then
    raise exception 'cut off' using errcode = 'TA401';
  end if;
  if exists (select from rowlock.account_gate
             where sub = owner
               -- A token tells its time in whole seconds. One of the very second of the cut may be older than the
               -- cut, so it is refused too.
               and (issued_at <= extract(epoch from not_before)
                    or removed_at >= coalesce(existing_at, '-infinity')
                    or disabled_at >= coalesce(enabled_at, '-infinity')))
     and not rowlock.readmit(owner, issued_at)
  then
    raise exception 'cut off' using errcode = 'TA401';
  end if;
  entered := set_config('rowlock.owner', owner::text, true);
end
$$;

-- The same, for a request with a proof of possession.
create function rowlock.enter(
  owner uuid, session text, client text, issued_at bigint, proof uuid, proof_issued_at bigint, proof_request uuid
) returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  known_since bigint;
begin
  perform rowlock.enter(owner, session, client, issued_at);
  if proof is null or proof_issued_at is null or proof_request is null then
    raise exception 'no proof' using errcode = 'TA401';
  end if;
  -- In a read-only transaction the first call records the proof before the transaction is made read-only. Later calls find
  -- the record, and must not write.
  if current_setting('transaction_read_only') = 'on'
     and exists (select from rowlock.seen_proof as seen where seen.id = proof and seen.request = proof_request) then
    return;
  end if;

  select last_value into known_since from rowlock.proofs_known_since;
  if known_since = 0 then
    known_since := ceil(extract(epoch from clock_timestamp()));
    perform setval('rowlock.proofs_known_since', known_since);
  end if;
  -- A proof may be dated 30 seconds ahead; five more for clocks of servers that differ.
  if proof_issued_at <= known_since + 35 then
    raise exception 'proofs have been forgotten' using errcode = 'TA503';
  end if;

  insert into rowlock.seen_proof (id, request) values (proof, proof_request) on conflict (id) do nothing;
  if not found then
    if not exists (select from rowlock.seen_proof as seen where seen.id = proof and seen.request = proof_request) then
      raise exception 'proof used before' using errcode = 'TA409';
    end if;
    return;
  end if;

  -- Each use deletes a few expired rows: of the four neighbours of the new row, which are random ones because an id is a
  -- hash, those whose proof has expired long since. Rows that another transaction deletes are left to it.
  delete from rowlock.seen_proof
  where ctid = any (array(
    select expired.ctid from rowlock.seen_proof as expired
    where expired.ctid = any (array(
        select near.ctid from rowlock.seen_proof as near where near.id > proof order by near.id limit 4))
      and expired.used_at < now() - interval '2 minutes'
    for update skip locked));
end
$$;


-- ---------------------------------------------------------------------------------------------------------------------
-- For the login that writes the ledger. Statements of the application run as another login, so that injected SQL can
-- neither revoke nor readmit nor erase.

-- Deletes the rows of an account from every table that has the column owner_id. Returns the number of rows by table.
create function rowlock.erase(account uuid) returns jsonb
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  tables  regclass[] := rowlock.owned_tables();
  blocked regclass[];
  target  regclass;
  deleted bigint;
  erased  jsonb := '{}';
begin
  perform set_config('rowlock.owner', account::text, true);
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
  perform set_config('rowlock.owner', '', true);
  return erased;
end
$$;

-- Notes that the issuer has been heard of, once a second at most.
create function rowlock.hear() returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  update rowlock.event_source set heard_at = now()
  where single = any (array(
    select single from rowlock.event_source
    where heard_at is null or heard_at < now() - interval '1 second' for update skip locked));
$$;

-- Writes an event into the ledger. Returns false if it was there before.
-- keep: how long a token can be used after it was issued, clocks that differ included.
-- retention: how long the rows of a removed account are kept; 0 deletes them in this transaction.
create function rowlock.apply_event(
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
    perform pg_advisory_xact_lock(uuid_hash_extended(account, 0)); -- see rowlock.enter; first of all locks, always
  end if;

  insert into rowlock.received_event (jti, expires_at) values (event, expires) on conflict (jti) do nothing;
  if not found then
    perform rowlock.hear();
    return false;
  end if;

  case change
    when 'session-ended' then
      insert into rowlock.revoked_session as old (sid, expires_at) values (session, expires)
      on conflict (sid, client_id) do update set expires_at = greatest(old.expires_at, excluded.expires_at);
    when 'client-session-ended' then
      insert into rowlock.revoked_session as old (sid, client_id, issued_until, expires_at)
      values (session, client, floor(extract(epoch from happened_at)), expires)
      on conflict (sid, client_id) do update
        set issued_until = greatest(old.issued_until, excluded.issued_until),
            expires_at = greatest(old.expires_at, excluded.expires_at);
    when 'account-sessions-ended' then
      insert into rowlock.account_gate as old (sub, not_before, expires_at) values (account, happened_at, expires)
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            expires_at = greatest(old.expires_at, excluded.expires_at);
    when 'all-sessions-ended' then
      update rowlock.realm_gate set not_before = greatest(not_before, happened_at) where single;
    when 'account-disabled' then
      insert into rowlock.account_gate as old (sub, not_before, disabled_at, existing_at)
      values (account, happened_at, happened_at, rowlock.certainly(happened_at))
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            disabled_at = greatest(old.disabled_at, excluded.disabled_at),
            existing_at = greatest(old.existing_at, excluded.existing_at),
            expires_at = 'infinity';
    when 'account-enabled', 'account-created' then
      insert into rowlock.account_gate as old (sub, not_before, enabled_at, existing_at)
      values (account, '-infinity', happened_at,
              case change when 'account-created' then happened_at else rowlock.certainly(happened_at) end)
      on conflict (sub) do update
        set enabled_at = greatest(old.enabled_at, excluded.enabled_at),
            existing_at = greatest(old.existing_at, excluded.existing_at),
            expires_at = 'infinity';
    when 'account-purged' then
      insert into rowlock.account_gate as old (sub, not_before, removed_at, erase_after)
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
    update rowlock.account_gate set erase_after = null, erase_failed_at = null
    where sub = account and erase_after is not null and existing_at > removed_at;
  end if;
  if change = 'account-purged' and retention <= interval '0' then
    select erase_after into pending from rowlock.account_gate where sub = account;
    if pending is not null then
      perform rowlock.erase(account);
      update rowlock.account_gate set erase_after = null, erase_failed_at = null, erased_at = now() where sub = account;
    end if;
  end if;
  perform rowlock.hear(); -- last, because it locks a row that others want too
  return true;
end
$$;

-- Of several replicas one at a time asks the issuer what has changed. Nothing is locked meanwhile: one that dies is
-- followed by the next whose turn it is.
create function rowlock.take_turn(pause interval, out mine boolean, out since text, out silence interval)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update rowlock.event_source set asked_at = now() where asked_at < now() - pause;
  mine := found;
  select reached, now() - heard_at into since, silence from rowlock.event_source;
end
$$;

-- The issuer has answered: all changes until this cursor are in the ledger. Null: it stays where it was.
create function rowlock.end_turn(until text) returns void
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  update rowlock.event_source set heard_at = now(), reached = coalesce(until, reached);
$$;

-- Takes away what no token can be old enough for, a limited number at a time. Rows that another replica is at are left
-- to it.
create function rowlock.prune_ledger(most integer) returns bigint
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
  return pruned + removed;
end
$$;

-- Accounts whose rows are due for erasure, those that failed last at the end and not again within five minutes.
create function rowlock.due_erasures(most integer, out account uuid, out removed timestamptz) returns setof record
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select sub, removed_at from rowlock.account_gate
  where erase_after <= now() and coalesce(erase_failed_at < now() - interval '5 minutes', true)
  order by erase_failed_at nulls first, erase_after
  limit most;
$$;

-- Deletes the rows of an account that is due. Returns the number of rows by table; null if there was nothing to do, because
-- another replica has done it, or the account exists again, or a transaction of its owner is under way.
create function rowlock.erase_due(account uuid) returns jsonb
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
  perform from rowlock.account_gate
  where sub = account and erase_after <= now() and removed_at >= coalesce(existing_at, '-infinity')
  for update;
  if not found then
    return null;
  end if;
  erased := rowlock.erase(account);
  update rowlock.account_gate set erase_after = null, erase_failed_at = null, erased_at = now() where sub = account;
  return erased;
end
$$;

-- Notes that an erasure failed, so that it holds up no other.
create function rowlock.erasure_failed(account uuid) returns void
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  update rowlock.account_gate set erase_failed_at = now() where sub = account and erase_after is not null;
$$;

-- The issuer says that an account exists although it was removed at the given time: its rows are visible again.
create function rowlock.account_exists(account uuid, removed timestamptz) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
begin
  update rowlock.account_gate
  set existing_at = greatest(existing_at, removed + interval '1 microsecond'), erase_after = null, erase_failed_at = null
  where sub = account and removed_at = removed and erase_after is not null;
  return found;
end
$$;

-- Accounts whose rows await erasure, and for how long the oldest of them has been due.
create function rowlock.erasure_backlog(out pending bigint, out overdue interval)
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select count(*), greatest(now() - min(erase_after), interval '0')
  from rowlock.account_gate where erase_after is not null;
$$;

-- For operators, who call it as rowlock_owner: assigns all rows of an owner to another one, writes that down in
-- rowlock.reassignment, and returns the number of rows by table. Nothing is changed if it fails. Row security lets no
-- statement see two owners, so it is lifted for rowlock_owner alone, under a lock that ends with the transaction.
create function rowlock.reassign(from_owner uuid, to_owner uuid, reason text) returns jsonb
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '5s'
as $$
declare
  tables   regclass[] := rowlock.owned_tables();
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
  if exists (select from rowlock.account_gate
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
  insert into rowlock.reassignment (from_owner, to_owner, moved, reason) values (from_owner, to_owner, moved, reason);
  return moved;
end
$$;


-- ---------------------------------------------------------------------------------------------------------------------
-- Idempotency keys of creations. A record does not depend on the row that the creation made: a key that is sent again
-- after the row was changed or deleted creates nothing. Records are valid for a day. The content is stored as a hash only.
create table rowlock.idempotency_key (
  owner_id    uuid        not null,
  key         text        not null,
  fingerprint bytea       not null, -- SHA-256 of the content
  resource_id uuid        not null,
  created_at  timestamptz not null default now(),
  primary key (owner_id, key),
  constraint idempotency_key_length check (char_length(key) between 1 and 64)
);
create index idempotency_key_created_at on rowlock.idempotency_key (owner_id, created_at);
