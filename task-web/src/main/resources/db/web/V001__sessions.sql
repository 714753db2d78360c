-- See docs/adr/0011-backend-for-frontend.md
create schema web;

create table web.session (
  id             bytea       primary key, -- SHA-256 over the cookie's value, which is nowhere here
  subject        text        not null,
  issuer_session text        not null,    -- sid
  started_at     timestamptz not null default now(),
  expires_at     timestamptz not null,    -- when the refresh token does
  generation     integer     not null default 0, -- how often the tokens have been replaced
  sealed         bytea,                   -- tokens and name; opens with the server's key and the cookie together
  ended          text,                    -- why, for the page to say
  constraint session_id check (octet_length(id) = 32),
  constraint session_ended check (ended in ('expired', 'signed-out', 'ended')),
  constraint session_sealed check ((ended is null) = (sealed is not null))
);
create index session_issuer_session on web.session (issuer_session);
create index session_subject on web.session (subject);
create index session_expires_at on web.session (expires_at);
