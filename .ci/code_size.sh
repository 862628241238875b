#!/usr/bin/env bash
# Prints the size of the kernels' code in a release build, in KB; fails if it is above a limit.
#
#     .ci/code_size.sh [LIMIT [TARGET_DIR]]
#
# It is that of all functions which `lanesum-kernels` has itself: the kernels, which are not generic.
set -euo pipefail
cd "$(dirname "$0")/.."
limit=${1:-600}
target=${2:-target}

cargo build --release --quiet -p lanesum-kernels --target-dir "$target"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
(cd "$objects" && ar x "$OLDPWD/$target/release/liblanesum_kernels.rlib")
bytes=$(size -A "$objects"/*.o | awk '$1 ~ /^\.text/ { sum += $2 } END { print sum }')
kb=$((bytes / 1024))
echo "kernels: $kb KB of code"
if ((kb > limit)); then
  echo "That is more than $limit KB."
  exit 1
fi
