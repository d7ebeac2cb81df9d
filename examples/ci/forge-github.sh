# GitHub, by its own program; GH_TOKEN and GITHUB_REPOSITORY come from the workflow.

request_of() { gh pr list --head "$1" --state open --json number --jq '.[0].number // empty'; }

forge_request() { # branch, title, file with the body
  [ -n "$(request_of "$1")" ] || gh pr create --head "$1" --base "$base" --title "$2" --body-file "$3"
}

forge_comment() { # branch, file with the body; our one comment is updated in place
  local number comment
  number=$(request_of "$1")
  [ -n "$number" ] || return 0
  comment=$(gh api "repos/$GITHUB_REPOSITORY/issues/$number/comments" --paginate \
    --jq '.[] | select(.user.type == "Bot" and (.body | startswith("<!-- sailplan -->"))) | .id' | sed -n 1p)
  if [ -n "$comment" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" --field "body=@$2"
  else
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --field "body=@$2"
  fi
}
