#!/usr/bin/env bash
# In a pull request, WITHOUT secrets, so also in one from a fork: is each plan whole, and of this contract?
# Runs in a checkout of the protected branch: check.sh HEAD, where HEAD is the pull request's commit. Whether a plan is
# approved is decided when it is merged.
. "$(dirname "$0")/settings.sh"

sailplan ci check --commit "$1" --base "refs/remotes/origin/$base"
