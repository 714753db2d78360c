#!/bin/bash
# Three databases, each with a login that owns it and can reach no other. task-api and task-web make the logins that
# serve requests by themselves.
set -euo pipefail
for owner in keycloak tasks_owner sessions_owner; do
  database=${owner%_owner}
  psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --set "owner=$owner" --set "database=$database" --set "file=/run/secrets/$owner" <<'SQL'
\set password `cat :'file'`
create role :"owner" login password :'password';
create database :"database" owner :"owner";
SQL
done
psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --command 'alter role tasks_owner createrole' --command 'alter role sessions_owner createrole'
