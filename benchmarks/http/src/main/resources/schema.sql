create schema if not exists api;
create table if not exists api.task (
  owner_id     uuid        not null,
  id           uuid        not null default uuidv7(),
  title        text        not null,
  description  text,
  completed_at timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  version      bigint      not null default 1,
  primary key (owner_id, id)
);
