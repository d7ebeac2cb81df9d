# GitLab, by its API; GITLAB_TOKEN is a project token with the scope api. It never stands on a command line.

gitlab() { # method, path, further arguments of curl
  local method=$1 path=$2
  shift 2
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" |
    curl --config - --fail --silent --show-error --request "$method" "$CI_API_V4_URL/projects/$CI_PROJECT_ID/$path" "$@"
}

request_of() {
  gitlab GET merge_requests --get --data-urlencode state=opened --data-urlencode "source_branch=$1" |
    node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8"))[0]?.iid ?? "")'
}

forge_request() { # branch, title, file with the body
  [ -n "$(request_of "$1")" ] || gitlab POST merge_requests --output /dev/null \
    --data-urlencode "source_branch=$1" --data-urlencode "target_branch=$base" \
    --data-urlencode "title=$2" --data-urlencode "description@$3"
}

forge_comment() { # branch, file with the body; our one note is updated in place
  local number note
  number=$(request_of "$1")
  [ -n "$number" ] || return 0
  note=$(gitlab GET "merge_requests/$number/notes" --get --data-urlencode per_page=100 | node -e '
    const notes = JSON.parse(require("fs").readFileSync(0, "utf8"));
    console.log(notes.find(({ body }) => body.startsWith("<!-- sailplan -->"))?.id ?? "")')
  if [ -n "$note" ]; then
    gitlab PUT "merge_requests/$number/notes/$note" --output /dev/null --data-urlencode "body@$2"
  else
    gitlab POST "merge_requests/$number/notes" --output /dev/null --data-urlencode "body@$2"
  fi
}
