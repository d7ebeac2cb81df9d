#!/usr/bin/env bash
# After a merge, on the protected branch: apply.sh BEFORE AFTER applies the plans that came between; apply.sh ID resumes one.
. "$(dirname "$0")/settings.sh"
. "$here/changed.sh"

# The history tells what was merged: a shallow clone would be refused.
git fetch --quiet origin "+refs/heads/$base:refs/remotes/origin/$base"
if [ $# -eq 2 ]; then ids=$(changed_plans "$1" "$2"); else ids=${1:?an id, or two commits}; fi

worst=0
for id in $ids; do
  code=0
  sailplan apply "$id" || code=$?
  echo "Plan $id: exit code $code"
  [ "$code" -le "$worst" ] || worst=$code
  git add -- "plans/$id"
  [ ! -d plans/archive ] || git add -- plans/archive
  git diff --cached --quiet || commit "Report of plan $id"
done
[ -z "$(git rev-list "origin/$base..HEAD")" ] || . "$here/publish.sh"
exit "$worst"
