#!/bin/sh
# Tests against real Wagtail sites; see run.mjs.
cd "$(dirname "$0")/../../.." || exit 1
exec node test/slow/wagtail/run.mjs "$@"
