-- In a read-only transaction the first statement records the proof and then makes the transaction read-only. Its further
-- statements find the record, and must not write.
create or replace function rowlock.enter(
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

  -- Sweeps a little with each use, see V003.
  delete from rowlock.seen_proof
  where ctid = any (array(
    select expired.ctid from rowlock.seen_proof as expired
    where expired.ctid = any (array(
        select near.ctid from rowlock.seen_proof as near where near.id > proof order by near.id limit 4))
      and expired.used_at < now() - interval '2 minutes'
    for update skip locked));
end
$$;
