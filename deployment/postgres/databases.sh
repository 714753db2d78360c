#!/bin/bash
# Creates three databases, each with a login that owns it and cannot connect to the others. task-api and task-web create
# the logins that serve requests.
set -euo pipefail
for owner in keycloak tasks_owner sessions_owner; do
  database=${owner%_owner}
  psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --set "owner=$owner" --set "database=$database" --set "file=/run/secrets/$owner" <<'SQL'
\set password `cat :'file'`
-- a statement that fails would be logged with the password in it
set log_min_error_statement = panic;
create role :"owner" login password :'password';
create database :"database" owner :"owner";
revoke connect, temporary on database :"database" from public;
SQL
done
# By default every login may connect to these two, and to all databases that are created from template1.
psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --command 'revoke connect, temporary on database postgres, template1 from public'
# Large objects belong to the login and not to the user that it serves, so row security does not apply to them.
for database in tasks sessions; do
  psql --username "$POSTGRES_USER" --dbname "$database" --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --command 'revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public'
done
psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --command 'alter role tasks_owner createrole' --command 'alter role sessions_owner createrole'
