create table book (
  owner_id uuid not null,
  id       uuid not null,
  version  bigint not null,
  title    text not null,
  primary key (owner_id, id)
);
create table chapter (
  owner_id uuid not null,
  id       uuid not null,
  book_id  uuid not null,
  title    text not null,
  primary key (owner_id, id),
  foreign key (owner_id, book_id) references book (owner_id, id)
);
select rowlock.own('book');
select rowlock.own('chapter');
