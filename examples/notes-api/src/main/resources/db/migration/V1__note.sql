create table note (
  owner_id uuid    not null,
  id       uuid    not null default uuidv7(),
  title    text    not null check (char_length(title) between 1 and 200),
  body     text    not null check (char_length(body) <= 10000),
  version  integer not null,
  primary key (owner_id, id)
);
select rowlock.own('note');

create table tag (
  owner_id uuid not null,
  note     uuid not null,
  name     text not null check (char_length(name) between 1 and 30),
  primary key (owner_id, note, name),
  foreign key (owner_id, note) references note (owner_id, id) on delete cascade
);
select rowlock.own('tag');
