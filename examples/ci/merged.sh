#!/usr/bin/env bash
# What a push to the protected branch brought, or the one plan that somebody resumes by hand.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${RESUME:-}" ]; then exec bash "$here/apply.sh" "$RESUME"; fi
exec bash "$here/apply.sh" "${BEFORE:?}" "${AFTER:?}"
