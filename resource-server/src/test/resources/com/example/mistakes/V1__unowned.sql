create table unowned (
  owner_id uuid not null,
  id       uuid not null default uuidv7(),
  primary key (owner_id, id)
);
