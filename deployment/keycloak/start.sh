#!/bin/bash
# Keycloak cannot read secrets from files, so this script does.
set -euo pipefail
# another command: the Keycloak Operator's, which passes the secrets itself
[ $# -eq 0 ] || exec /opt/keycloak/bin/kc.sh "$@"
KC_DB_PASSWORD=$(</run/secrets/db-password)
KC_BOOTSTRAP_ADMIN_PASSWORD=$(</run/secrets/admin-password)
export KC_DB_PASSWORD KC_BOOTSTRAP_ADMIN_PASSWORD
# compose passes unset variables as empty values, which Keycloak would use
for name in "${!KC_@}"; do
  [ -n "${!name}" ] || unset "$name"
done
exec /opt/keycloak/bin/kc.sh start --optimized --import-realm
