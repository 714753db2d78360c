#!/usr/bin/env bash
# Signs you in through the device grant (RFC 8628) and prints an access token, and nothing else, on standard output:
#   TOKEN=$(examples/device-login.sh)
# or other members of the answer, one a line: examples/device-login.sh access_token refresh_token
# KEYCLOAK is the address of the server (default http://localhost:8080), CLIENT names the client (default task-cli). The token is valid for five
# minutes.
set -euo pipefail

client="${CLIENT:-task-cli}"
realm="${KEYCLOAK:-http://localhost:${ROWLOCK_KEYCLOAK_PORT:-8080}}/realms/rowlock/protocol/openid-connect"
say() { printf '%s\n' "$*" >&2; }
# The value of one member of a flat JSON object on standard input.
member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

# PKCE (RFC 7636 §4): only the program that asked can redeem the code. The realm requires it for every grant with a code.
url_safe() { base64 | tr -d '=\n' | tr '+/' '-_'; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }
verifier=$(head -c 32 /dev/urandom | url_safe)
challenge=$(printf "$(printf '%s' "$verifier" | sha256 | cut -c1-64 | sed 's/../\\x&/g')" | url_safe)

answer=$(curl -sS --fail-with-body -d "client_id=$client" -d scope=openid -d code_challenge_method=S256 \
  -d "code_challenge=$challenge" "$realm/auth/device") || {
  say "Cannot start a sign-in at $realm: is the stack up? $answer"; exit 1; }
device_code=$(member device_code <<<"$answer")
interval=$(member interval <<<"$answer")

say "Open this address in a browser, register or sign in, and confirm:"
say "  $(member verification_uri_complete <<<"$answer")"

while true; do
  sleep "${interval:-5}"
  answer=$(curl -sS -d "client_id=$client" -d grant_type=urn:ietf:params:oauth:grant-type:device_code \
    -d "code_verifier=$verifier" --data-urlencode "device_code=$device_code" "$realm/token")
  if [ -n "$(member access_token <<<"$answer")" ]; then
    for name in "${@:-access_token}"; do member "$name" <<<"$answer"; done
    exit 0
  fi
  case "$(member error <<<"$answer")" in
    authorization_pending) ;;
    slow_down) interval=$((${interval:-5} + 5)) ;;
    access_denied) say "You refused the sign-in."; exit 1 ;;
    expired_token) say "Sign-in timed out. Start again."; exit 1 ;;
    *) say "The server refused: $(member error_description <<<"$answer")"; exit 1 ;;
  esac
done
