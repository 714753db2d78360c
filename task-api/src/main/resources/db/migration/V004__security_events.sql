-- What the issuer says in security events, and api.enter asks before each statement. See docs/adr/0009-revocation-ledger.md
-- Whatever comes twice or in another order than it happened leaves the same rows: all columns only ever grow.

-- '' as the client: the whole session, whatever the token's iat. Otherwise one client's part of it: tokens issued until then.
alter table api.revoked_session
  add column client_id    text   not null default '',
  add column issued_until bigint not null default 9223372036854775807, -- seconds, as a token's iat
  drop constraint revoked_session_pkey,
  add primary key (sid, client_id);

-- Disabled, unless enabled later than that; with the same time disabled wins. Both stay, so that an older event that
-- comes late changes nothing; so does erased_at, the tombstone. What is only a cut goes when no token can be that old.
alter table api.account_gate
  add column disabled_at timestamptz,
  add column enabled_at  timestamptz,
  add column expires_at  timestamptz not null default 'infinity';
create index account_gate_expires_at on api.account_gate (expires_at);

-- Tokens of whomever, issued until then, are cut off. One row.
create table api.realm_gate (
  single     boolean     primary key default true check (single),
  not_before timestamptz not null default '-infinity'
);
insert into api.realm_gate default values;

-- Events that are in the ledger. One that comes again changes nothing, with or without this: it is for not writing twice.
create table api.received_event (
  jti        text        primary key,
  expires_at timestamptz not null
);
create index received_event_expires_at on api.received_event (expires_at);

-- Until where the issuer's changes are known, and when it was heard of last. One row.
create table api.event_source (
  single   boolean     primary key default true check (single),
  reached  text,                                     -- a cursor of the issuer's
  asked_at timestamptz not null default '-infinity', -- by whichever replica
  heard_at timestamptz
);
insert into api.event_source default values;

-- One way in: the client is asked for from now on.
drop function api.enter(uuid, text, bigint, uuid, bigint, uuid);
drop function api.enter(uuid, text, bigint);

create function api.enter(owner uuid, session text, client text, issued_at bigint) returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off -- plans are kept: see V003
as $$
declare
  entered text;
begin
  if owner is null or session is null or client is null or issued_at is null then
    raise exception 'no owner' using errcode = 'TA401';
  end if;
  -- An account is erased under the other half of this lock: after the transactions that have got here, and before those
  -- that come later and see the tombstone. So none of them leaves a row behind.
  perform pg_advisory_xact_lock_shared(uuid_hash_extended(owner, 0));
  if exists (select from api.revoked_session
             where sid = session and client_id in ('', client) and issued_at <= issued_until)
     or exists (select from api.account_gate
                where sub = owner
                  -- A token tells its time in whole seconds. One of the very second of the cut may be older than the
                  -- cut, so it is refused too.
                  and (issued_at <= extract(epoch from not_before)
                       or erased_at is not null
                       or disabled_at >= coalesce(enabled_at, '-infinity')))
     or exists (select from api.realm_gate where single and issued_at <= extract(epoch from not_before))
  then
    raise exception 'cut off' using errcode = 'TA401';
  end if;
  entered := set_config('api.owner', owner::text, true); -- cheaper than perform
end
$$;

-- The same, for a request with a proof of possession.
create function api.enter(
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
  perform api.enter(owner, session, client, issued_at);
  if proof is null or proof_issued_at is null or proof_request is null then
    raise exception 'no proof' using errcode = 'TA401';
  end if;

  select last_value into known_since from api.proofs_known_since;
  if known_since = 0 then
    known_since := ceil(extract(epoch from clock_timestamp()));
    perform setval('api.proofs_known_since', known_since);
  end if;
  -- A proof may be dated 30 seconds ahead; five more for clocks of servers that differ.
  if proof_issued_at <= known_since + 35 then
    raise exception 'proofs have been forgotten' using errcode = 'TA503';
  end if;

  insert into api.seen_proof (id, request) values (proof, proof_request) on conflict (id) do nothing;
  if not found then
    if not exists (select from api.seen_proof as seen where seen.id = proof and seen.request = proof_request) then
      raise exception 'proof used before' using errcode = 'TA409';
    end if;
    return;
  end if;

  -- Sweeps a little with each use, see V003.
  delete from api.seen_proof
  where ctid = any (array(
    select expired.ctid from api.seen_proof as expired
    where expired.ctid = any (array(
        select near.ctid from api.seen_proof as near where near.id > proof order by near.id limit 4))
      and expired.used_at < now() - interval '2 minutes'
    for update skip locked));
end
$$;

-- What follows is for the receiver's login alone. Statements of the domain run as another one, so that SQL of a
-- stranger's in one of them can neither lock anybody out nor let anybody in nor erase anything of others.

-- Deletes the rows of an account from every table that says whose its rows are, as row security lets their owner do it.
create function api.erase(account uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  tables  regclass[] := array(
    select attrelid::regclass from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'api'::regnamespace and relkind in ('r', 'p') and not relispartition
      and attname = 'owner_id' and not attisdropped);
  blocked regclass[];
  target  regclass;
begin
  perform set_config('api.owner', account::text, true);
  while tables <> '{}' loop
    blocked := '{}';
    foreach target in array tables loop
      begin
        execute format('delete from %s where owner_id = $1', target) using account;
      exception when foreign_key_violation then
        blocked := blocked || target; -- another table's rows have to go first
      end;
    end loop;
    if cardinality(blocked) = cardinality(tables) then
      raise exception 'rows of % are still referred to', blocked using errcode = 'foreign_key_violation';
    end if;
    tables := blocked;
  end loop;
  perform set_config('api.owner', '', true);
end
$$;

-- Notes that the issuer has been heard of, once a second at most.
create function api.hear() returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  update api.event_source set heard_at = now()
  where single = any (array(
    select single from api.event_source
    where heard_at is null or heard_at < now() - interval '1 second' for update skip locked));
$$;

-- Puts an event into the ledger. False: it was there before.
-- keep: how long a token can be used after it was issued, and what clocks may differ.
create function api.apply_event(
  event text, change text, session text, client text, account uuid, happened_at timestamptz, keep interval
) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  expires timestamptz := greatest(happened_at, now()) + keep;
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
      insert into api.account_gate as old (sub, not_before, disabled_at) values (account, happened_at, happened_at)
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            disabled_at = greatest(old.disabled_at, excluded.disabled_at),
            expires_at = 'infinity';
    when 'account-enabled' then
      insert into api.account_gate as old (sub, not_before, enabled_at) values (account, '-infinity', happened_at)
      on conflict (sub) do update
        set enabled_at = greatest(old.enabled_at, excluded.enabled_at),
            expires_at = 'infinity';
    when 'account-purged' then
      insert into api.account_gate as old (sub, not_before, erased_at) values (account, happened_at, happened_at)
      on conflict (sub) do update
        set not_before = greatest(old.not_before, excluded.not_before),
            erased_at = least(old.erased_at, excluded.erased_at),
            expires_at = 'infinity';
      perform api.erase(account);
    when 'none' then
      null; -- worth knowing, and nothing to cut off
  end case; -- anything else is an error: nothing may be acknowledged that is not done
  perform api.hear(); -- last, because it locks a row that others want too
  return true;
end
$$;

-- Of several replicas one at a time asks the issuer what has changed. Nothing is locked meanwhile: one that dies is
-- followed by the next whose turn it is.
create function api.take_turn(pause interval, out mine boolean, out since text, out silence interval)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update api.event_source set asked_at = now() where asked_at < now() - pause;
  mine := found;
  select reached, now() - heard_at into since, silence from api.event_source;
end
$$;

-- The issuer has answered: all changes until this cursor are in the ledger. Null: it stays where it was.
create function api.end_turn(until text) returns void
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  update api.event_source set heard_at = now(), reached = coalesce(until, reached);
$$;

-- Takes away what no token can be old enough for, a limited number at a time. Rows that another replica is at are left
-- to it.
create function api.prune_ledger(most integer) returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  pruned  bigint := 0;
  removed bigint;
begin
  delete from api.revoked_session where ctid = any (array(
    select ctid from api.revoked_session where expires_at < now() order by expires_at limit most for update skip locked));
  get diagnostics removed = row_count;
  pruned := pruned + removed;
  delete from api.account_gate where ctid = any (array(
    select ctid from api.account_gate where expires_at < now() order by expires_at limit most for update skip locked));
  get diagnostics removed = row_count;
  pruned := pruned + removed;
  delete from api.received_event where ctid = any (array(
    select ctid from api.received_event where expires_at < now() order by expires_at limit most for update skip locked));
  get diagnostics removed = row_count;
  return pruned + removed;
end
$$;
