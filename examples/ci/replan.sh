#!/usr/bin/env bash
# In a pull request of this repository, with read-only secrets: do both sides still say what the plan says? Only this
# proves that the plan's desired state came from the site. Runs in a checkout of the protected branch: replan.sh HEAD BRANCH.
. "$(dirname "$0")/settings.sh"
. "$here/changed.sh"

head=$1
branch=${2:-}
failed=0
ids=$(changed_plans "origin/$base" "$head")
for id in $ids; do
  take_plan "$head" "$id"
  fresh=$(mktemp -d)
  now=$(sailplan plan "${plan_flags[@]}" --out "$fresh" --json | member id)
  if [ "$now" = "$id" ]; then
    echo "Plan $id is what both sides say now."
    [ -z "$branch" ] || { markdown "$id" >"$fresh/body.md" && forge_comment "$branch" "$fresh/body.md"; }
    continue
  fi
  echo "Plan $id is not what both sides say now:" >&2
  [ ! -d "$fresh/$now" ] || sailplan plan diff "plans/$id" "$fresh/$now" >&2 || true
  [ -d "$fresh/$now" ] || echo 'there is nothing to change any more' >&2
  failed=4
done
exit $failed
