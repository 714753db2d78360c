create table memo (
  owner_id uuid not null,
  id       uuid not null default uuidv7(),
  text     text not null,
  primary key (owner_id, id)
);
select rowlock.own('memo');
