#!/usr/bin/env bash
# The pull request's commit, as the tag FETCHED: looked at, never checked out whole.
set -euo pipefail
git fetch --quiet --no-tags origin "${REQUEST_REF:?}"
git tag --force FETCHED FETCH_HEAD >/dev/null
