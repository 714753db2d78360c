-- Proofs of possession (RFC 9449) that have been used: none is good twice, on whichever replica. Unlogged, so that a
-- request that only reads does not wait for a disk. See docs/adr/0005-dpop-replay.md
create unlogged table api.seen_proof (
  id      uuid        primary key, -- stands for the key and jti
  request uuid        not null,    -- which request has used it; its further statements may go on
  used_at timestamptz not null default now()
);

-- What is unlogged is emptied by a crash and by a promotion. This sequence is emptied together with the table, back to
-- 0, and unlike a row it keeps what is set in a transaction that fails. It holds the second since which no proof has
-- been forgotten.
create unlogged sequence api.proofs_known_since minvalue 0 start 0;
select setval('api.proofs_known_since', 1); -- no proof has been used yet

-- The same as api.enter(uuid, text, bigint), for a request with a proof of possession.
create function api.enter(
  owner uuid, session text, issued_at bigint, proof uuid, proof_issued_at bigint, proof_request uuid
) returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- A plan that is made while the table is small outlives its growth: without this it would read the table from end
  -- to end in each call, on connections that live long.
  set enable_seqscan = off
as $$
declare
  known_since bigint;
begin
  perform api.enter(owner, session, issued_at);
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

  -- Sweeps a little with each use: looks at the four neighbours of the new row, which are random ones because an id is
  -- a hash, and deletes those of which the proof has expired long since. Rows that somebody else is about to delete
  -- are left to them.
  delete from api.seen_proof
  where ctid = any (array(
    select expired.ctid from api.seen_proof as expired
    where expired.ctid = any (array(
        select near.ctid from api.seen_proof as near where near.id > proof order by near.id limit 4))
      and expired.used_at < now() - interval '2 minutes'
    for update skip locked));
end
$$;
