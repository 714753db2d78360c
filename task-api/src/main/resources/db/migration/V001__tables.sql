-- All objects are made by the role task_owner, which cannot log in. See docs/adr/0002-one-round-trip.md

-- The key starts with the owner: one index serves row security, the list (newest first, because a version 7 UUID
-- begins with its time) and the single read, an owner's rows lie together, and an id that somebody else uses does not
-- collide, which would tell that it exists.
create table api.task (
  owner_id     uuid        not null,
  id           uuid        not null default uuidv7(),
  title        text        not null,
  description  text,
  completed_at timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  version      bigint      not null default 1,
  primary key (owner_id, id),
  constraint task_title check (char_length(title) <= 200 and btrim(title) <> ''),
  constraint task_description check (char_length(description) <= 1000),
  constraint task_version check (version > 0)
);

-- The revocation ledger: what has been cut off before its tokens have expired. A row lives as long as a token can.
create table api.revoked_session (
  sid        text        primary key,
  expires_at timestamptz not null
);
create index revoked_session_expires_at on api.revoked_session (expires_at);

create table api.account_gate (
  sub        uuid        primary key,
  not_before timestamptz not null, -- tokens issued until then are cut off
  erased_at  timestamptz           -- the account is gone: every token is cut off
);
