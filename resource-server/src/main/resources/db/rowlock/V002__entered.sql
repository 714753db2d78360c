-- Fewer lookups for each statement. See docs/how-isolation-works.md

-- Whether the account of the current owner exists. Reads the ledger, as its owner.
create function rowlock.account_is_visible() returns boolean
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

-- here too, because statements of running nodes need it from now on, and the other grants follow in a later transaction
grant execute on function rowlock.account_is_visible() to ${application};

-- Whether the rows of the current owner are visible, for the policies of rowlock.own. If rowlock.enter has set the owner,
-- it has read the ledger in the same transaction, and again for this statement. PostgreSQL inlines this function into the
-- statement, so its body is resolved here and not by the search_path of a caller.
create or replace function rowlock.owner_is_visible() returns boolean
  language sql
  stable
  return pg_catalog.current_setting('rowlock.entered', true) operator(pg_catalog.=)
           pg_catalog.current_setting('rowlock.owner', true)
         or rowlock.account_is_visible();

-- As before, with one query instead of two. It also notes for which owner it was called.
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
  perform set_config('rowlock.owner', owner::text, true), set_config('rowlock.entered', owner::text, true);
end
$$;
