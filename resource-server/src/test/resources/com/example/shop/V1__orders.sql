create table orders (
  owner_id uuid not null,
  id       uuid not null default uuidv7(),
  title    text not null,
  primary key (owner_id, id)
);
select rowlock.own('orders');
