#!/bin/bash
# Runs a service once, sends some requests, and writes the JVM's cache: train.sh SERVICE FILE
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
    port=8081 health=8082
    export ROWLOCK_DB_URL=jdbc:postgresql://127.0.0.1:5432/postgres ROWLOCK_DB_USER=tasks ROWLOCK_DB_PASSWORD=training
    export ROWLOCK_DB_MIGRATION_USER=postgres ROWLOCK_DB_MIGRATION_PASSWORD=training
    ;;
  task-web)
    port=8000 health=8001
    export ROWLOCK_API_URL=http://localhost:1
    export ROWLOCK_WEB_DB_URL=jdbc:postgresql://127.0.0.1:5432/postgres ROWLOCK_WEB_DB_USER=sessions ROWLOCK_WEB_DB_PASSWORD=training
    export ROWLOCK_WEB_DB_MIGRATION_USER=postgres ROWLOCK_WEB_DB_MIGRATION_PASSWORD=training
    export ROWLOCK_WEB_CLIENT_KEY_FILE=/tmp/secrets/web/client-key.pem ROWLOCK_WEB_SESSION_KEY_FILE=/tmp/secrets/web/session-key
    ;;
esac

# Sends a request to a port and path, and ignores the response.
request() {
  {
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
    cat <&3 >/dev/null
  } 3<>"/dev/tcp/127.0.0.1/$1"
}

# the JVM archives objects only with this collector, and another one can read them
java -XX:+UseG1GC -XX:AOTCacheOutput="$cache" -jar app.jar &
server=$!
until request $health /actuator/health/readiness 2>/dev/null; do
  kill -0 $server
  sleep 0.2
done
for path in / /api/me/tasks /session /problems/not-found; do request $port "$path"; done
kill -TERM $server
wait $server || [ $? = 143 ]
rm -rf /tmp/secrets
test -s "$cache"
