#!/bin/bash
# Keycloak reads no secret from a file by itself, so its start does.
set -euo pipefail
# a command of its own: the Keycloak Operator's, which brings secrets in its own way
[ $# -eq 0 ] || exec /opt/keycloak/bin/kc.sh "$@"
KC_DB_PASSWORD=$(</run/secrets/db-password)
KC_BOOTSTRAP_ADMIN_PASSWORD=$(</run/secrets/admin-password)
export KC_DB_PASSWORD KC_BOOTSTRAP_ADMIN_PASSWORD
# compose passes on what is not set as an empty value, which Keycloak takes for one
for name in "${!KC_@}"; do
  [ -n "${!name}" ] || unset "$name"
done
exec /opt/keycloak/bin/kc.sh start --optimized --import-realm
