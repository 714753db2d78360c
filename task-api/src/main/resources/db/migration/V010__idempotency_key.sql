-- Idempotency keys of creations. A record does not depend on the row that the creation made: a key that is sent again
-- after the row was changed or deleted creates nothing. Records are valid for a day. The content is stored as a hash only.
drop index api.task_creation_key;
alter table api.task drop column creation_key;

create table api.idempotency_key (
  owner_id    uuid        not null,
  key         text        not null,
  fingerprint bytea       not null, -- SHA-256 of the content
  resource_id uuid        not null,
  created_at  timestamptz not null default now(),
  primary key (owner_id, key),
  constraint idempotency_key_length check (char_length(key) between 1 and 64)
);
create index idempotency_key_created_at on api.idempotency_key (owner_id, created_at);

alter table api.idempotency_key enable row level security;
alter table api.idempotency_key force row level security;
create policy idempotency_key_of_owner on api.idempotency_key
  using (owner_id = (select nullif(current_setting('api.owner', true), '')::uuid))
  with check (owner_id = (select nullif(current_setting('api.owner', true), '')::uuid));
