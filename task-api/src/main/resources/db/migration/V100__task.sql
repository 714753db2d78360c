-- The key starts with the owner: one index serves row security, the list (newest first, because a version 7 UUID
-- begins with its time) and the single read, an owner's rows lie together, and an id that another owner uses does not
-- collide, which would disclose that it exists.
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
select rowlock.own('api.task');
