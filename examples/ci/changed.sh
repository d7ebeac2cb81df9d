# Ids of the plans that one commit has otherwise than another, or that the other lacks. Fails where git does.
changed_plans() { # before, after
  local paths
  # Without renames: a plan that is like another one would be taken for it.
  paths=$(git diff-tree -r --no-renames --diff-filter=d --name-only -z "$1" "$2" -- plans | tr '\0\n' '\n?'; exit "${PIPESTATUS[0]}") || return 3
  sed -nE 's#^plans/([0-9a-f]{16})/plan\.json$#\1#p' <<<"$paths"
}

# Takes the files of one plan from a commit, by their names and only where each is a plain one: no script, config, policy or
# link, and nothing that only an apply writes.
take_plan() { # commit, id
  local entries odd tab=$'\t'
  [[ $2 =~ ^[0-9a-f]{16}$ ]] || return 3
  entries=$(git ls-tree -r -z --full-tree "$1" -- "plans/$2" | tr '\0\n' '\n?'; exit "${PIPESTATUS[0]}") || return 3
  odd=$(sed -E "/^100644 blob [0-9a-f]+$tab/d" <<<"$entries") || return 3
  if [ -n "$odd" ]; then
    echo "Plan $2 holds something that is not a plain file: ${odd:0:200}" >&2
    return 3
  fi
  odd=$(sed -E "s#^[^$tab]*${tab}plans/$2/##; /^((plan|provenance|author|accept)\.json|review\.md|approvals\/[^/]+\.json)$/d" <<<"$entries") || return 3
  if [ -n "$odd" ]; then
    echo "Plan $2 holds what is not a file of a plan: ${odd:0:200}" >&2
    return 3
  fi
  git checkout --quiet "$1" -- "plans/$2"
}
