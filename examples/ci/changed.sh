# Ids of the plans that one commit has and another has not.
changed_plans() {
  git diff --name-only --diff-filter=A "$1" "$2" -- 'plans/*/plan.json' |
    sed -nE 's#^plans/([0-9a-f]{16})/plan\.json$#\1#p'
}

# Takes one plan's files from a commit, and nothing else: no script, no config, no policy, and no symbolic link.
take_plan() { # commit, id
  if git ls-tree -r "$1" -- "plans/$2" | grep -qv '^100644 '; then
    echo "Plan $2 holds something that is not a plain file." >&2
    return 3
  fi
  git checkout --quiet "$1" -- "plans/$2"
}

# Fails where a plan comes together with what only an apply writes: runs, reports, archive, locks.
brings_no_evidence() { # base, head
  local since paths
  if ! since=$(git merge-base "$1" "$2"); then
    echo "No history in common with $1: fetch the whole history." >&2
    return 3
  fi
  paths=$(git diff --name-only --no-renames --diff-filter=d -z "$since" "$2" -- plans | tr '\0\n' '\n?') || return 3
  grep -qiE '^plans/([^/]+/)?plan\.json$' <<<"$paths" || return 0
  if grep -iE '^plans/(([^/]+/)?(runs|report\.json)(/|$)|archive(/|$)|\.lock-)' <<<"$paths" >&2; then
    echo "A plan does not come with these: only an apply writes them." >&2
    return 3
  fi
}
