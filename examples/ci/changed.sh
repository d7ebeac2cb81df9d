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
