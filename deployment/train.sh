#!/bin/bash
# Starts a service once, up to the point where it accepts requests, and writes the JVM's cache: train.sh SERVICE FILE
set -euo pipefail
service=$1 cache=$2
export PGDATA=/tmp/training PATH=/opt/java/openjdk/bin:$PATH
initdb --username=postgres --auth=trust --no-sync >/dev/null
pg_ctl --wait --silent --log=/tmp/training.log --options="-c listen_addresses=127.0.0.1 -c unix_socket_directories=/tmp" start
trap 'pg_ctl --mode=immediate --silent stop' EXIT
java -jar /training/setup.jar /tmp/secrets

export ROWLOCK_ISSUER=http://localhost:1/realms/none
case $service in
  task-api)
    export ROWLOCK_DB_URL=jdbc:postgresql://127.0.0.1:5432/postgres ROWLOCK_DB_USER=tasks ROWLOCK_DB_PASSWORD=training
    export ROWLOCK_DB_MIGRATION_USER=postgres ROWLOCK_DB_MIGRATION_PASSWORD=training
    ;;
  task-web)
    export ROWLOCK_API_URL=http://localhost:1
    export ROWLOCK_WEB_DB_URL=jdbc:postgresql://127.0.0.1:5432/postgres ROWLOCK_WEB_DB_USER=sessions ROWLOCK_WEB_DB_PASSWORD=training
    export ROWLOCK_WEB_DB_MIGRATION_USER=postgres ROWLOCK_WEB_DB_MIGRATION_PASSWORD=training
    export ROWLOCK_WEB_CLIENT_KEY_FILE=/tmp/secrets/web/client-key.pem ROWLOCK_WEB_SESSION_KEY_FILE=/tmp/secrets/web/session-key
    ;;
esac
java -XX:AOTCacheOutput="$cache" -Dspring.context.exit=onRefresh -jar app.jar
rm -rf /tmp/secrets
test -s "$cache"
