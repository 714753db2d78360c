-- What a client calls the creation of a task, so that asking again, after an answer that got lost, finds what was made and
-- makes nothing. It starts with the owner, as every key here does: what others use collides with nothing and tells nothing.
-- It goes with the task.
alter table api.task add column creation_key uuid;
create unique index task_creation_key on api.task (owner_id, creation_key) where creation_key is not null;
