#!/bin/bash
# Writes the Secrets of the manifests from the files of the setup program:
#   java -jar deployment/target/deployment-*-app.jar FOLDER
#   deployment/kubernetes/secrets.sh FOLDER | kubectl apply --namespace rowlock --filename -
set -euo pipefail
cd "${1:?the folder of the secrets}"
secret() {
  echo ---
  kubectl create secret generic "$@" --dry-run=client --output yaml
}
secret keycloak-db --from-literal=username=keycloak --from-file=password=keycloak/db-password
secret keycloak-admin --from-literal=username=admin --from-file=password=keycloak/admin-password
secret task-api \
  --from-file=rowlock.db.password=api/settings/rowlock.db.password \
  --from-file=rowlock.db.ledger.password=api/settings/rowlock.db.ledger.password \
  --from-file=rowlock.db.migration.password=api/settings/rowlock.db.migration.password \
  --from-file=client-key.pem=api/client-key.pem
secret task-web \
  --from-file=rowlock.web.db.password=web/settings/rowlock.web.db.password \
  --from-file=rowlock.web.db.migration.password=web/settings/rowlock.web.db.migration.password \
  --from-file=client-key.pem=web/client-key.pem \
  --from-file=session-key=web/session-key
