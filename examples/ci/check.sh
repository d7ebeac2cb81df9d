#!/usr/bin/env bash
# In a pull request, WITHOUT secrets, so also in one from a fork: is each plan whole, and of this contract?
# Runs in a checkout of the protected branch: check.sh HEAD, where HEAD is the pull request's commit.
. "$(dirname "$0")/settings.sh"
. "$here/changed.sh"

# Whether it is approved is decided when it is merged.
is_whole() {
  node -e '
    const whole = ["printed form", "digest", "rebuild", "strict", "contract", "evidence"];
    const text = require("fs").readFileSync(0, "utf8");
    const checks = text === "" ? [] : JSON.parse(text).checks;
    const wrong = checks.filter(({ name, ok }) => whole.includes(name) && !ok);
    for (const { name, detail } of wrong) console.error(`${name}: ${detail}`);
    process.exit(wrong.length > 0 || checks.length === 0 ? 1 : 0);
  '
}

head=$1
failed=0
brings_no_evidence "origin/$base" "$head" || failed=3
for id in $(changed_plans "origin/$base" "$head"); do
  take_plan "$head" "$id"
  if { sailplan verify "$id" --json || true; } | is_whole; then echo "Plan $id is whole."; else failed=3; fi
done
exit $failed
