create table probe.item (
  owner_id    uuid   not null default rowlock.owner(),
  id          uuid   not null default uuidv7(),
  title       text   not null,
  description text,
  version     bigint not null default 1,
  primary key (owner_id, id),
  constraint item_title check (char_length(title) <= 200 and btrim(title) <> '')
);
select rowlock.own('probe.item');
