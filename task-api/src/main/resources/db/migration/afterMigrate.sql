-- Runs at each start, after the migrations.
select api.protect_removed();
