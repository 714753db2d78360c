-- since when a newer session has its place in the browser; from then on no refresh prolongs it
alter table web.session add column retired_at timestamptz;

-- sessions that people have signed out of, and that the issuer has not heard of yet
create table web.ending (
  id         bytea       primary key, -- that of the session
  expires_at timestamptz not null,    -- when the token ends nothing any more
  tried_at   timestamptz not null default now(),
  sealed     bytea       not null     -- the refresh token; opens with the server's key
);
create index ending_tried_at on web.ending (tried_at);
