-- when the issuer was last asked whether the session lives; its beginning and each refresh count
alter table web.session add column checked_at timestamptz not null default now();
