comment on column orders.title is 'one line';
