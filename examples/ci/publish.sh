# Reports and archive go to the protected branch; where that takes no push, as a pull request.
for _ in 1 2 3; do
  git fetch --quiet origin "+refs/heads/$base:refs/remotes/origin/$base"
  git -c user.name=sailplan -c user.email=sailplan@noreply.invalid rebase --quiet "origin/$base"
  if git push --quiet origin "HEAD:refs/heads/$base"; then published=1; break; fi
done
if [ "${published:-}" != 1 ]; then
  branch=sailplan-report/$(git rev-parse --short=12 HEAD)
  git push --quiet origin "HEAD:refs/heads/$branch"
  body=$(mktemp)
  echo 'What was applied. Merge it before the next plan: the archive is one chain.' >"$body"
  forge_request "$branch" 'Reports' "$body"
fi
