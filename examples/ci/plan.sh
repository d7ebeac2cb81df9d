#!/usr/bin/env bash
# On a schedule or by hand, on the protected branch: compare both sides and propose what differs as a pull request.
. "$(dirname "$0")/settings.sh"

author=()
[ -z "${SAILPLAN_KEY:-}" ] || author=(--sign "$SAILPLAN_KEY" --as "${SAILPLAN_USER:?who signs}")
answer=$(sailplan plan "${plan_flags[@]}" ${author[@]+"${author[@]}"} --json)
path=$(member plan <<<"$answer")
id=$(member id <<<"$answer")
if [ -z "$path" ]; then
  echo 'No changes.'
  exit 0
fi

branch=sailplan/$id
if git ls-remote --exit-code --heads origin "$branch" >/dev/null; then
  # The same plan has the same id: its pull request, its comments and its approvals stay as they are.
  echo "Plan $id is proposed already."
  exit 0
fi
if git cat-file -e "origin/$base:$path" 2>/dev/null; then
  echo "Plan $id was merged before, and is needed again. Approve it anew: sailplan approve $id --as YOU, on a branch, and have that file merged." >&2
  exit 3
fi

git switch --quiet --create "$branch" "origin/$base"
git add -- "$(dirname "$path")"
commit "Plan $id"
git push --quiet origin "$branch"

body=$(mktemp)
markdown "$id" >"$body"
forge_request "$branch" "Plan $id" "$body"
forge_comment "$branch" "$body"
