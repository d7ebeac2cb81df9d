# What every script here shares. Kept on the protected branch: a pull request's own copy of it is never run with secrets.
set -euo pipefail

sailplan() { ${SAILPLAN:-npx --no-install sailplan} "$@"; }

# The flags decide what is planned, so the plan and the check of it use the same ones.
plan_flags=(--create-missing)

base=${BASE:-main}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/forge-${FORGE:?github or gitlab}.sh"

# One member of a JSON document on standard input; nothing when it is null.
member() { node -e 'const v = JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]]; console.log(v ?? "")' "$1"; }

# The Markdown of a plan, marked so that the comment can be found again. What does not fit is said by sailplan itself.
markdown() {
  echo '<!-- sailplan -->'
  sailplan show "$1" --format markdown --allow-cut
}

commit() {
  git -c user.name="${GIT_NAME:-sailplan}" -c user.email="${GIT_EMAIL:-sailplan@noreply.invalid}" commit --quiet --message "$1"
}
