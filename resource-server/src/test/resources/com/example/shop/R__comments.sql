comment on table orders is 'Orders of the shop';
