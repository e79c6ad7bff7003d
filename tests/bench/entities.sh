#!/usr/bin/env bash
# What many small entities take, in two processes:
#
#   bash tests/bench/entities.sh [ENTITIES=1000000]
#
# One makes them in TMPDIR and ends; the other, fresh one opens the store, reads 20,000 of them at random and prints how long it took to be ready, how many it read a second, and its
# memory, now and at most, as the kernel counts it (the test runner's own is in it). Exit code 1 when either had more than 1 GB at any time, or the store has more than 4 GB.
# 10 million take about 2 GB of disk. The heap is limited to 750 MB, which is what the runtime takes of a container of 1 GB: without a limit it lets garbage lie as long as the machine has room.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_GCHeapHardLimit=0x2CB41780 HOST_ENTITIES="${1:-1000000}" HOST_ENTITIES_FOLDER="$work/host"
mkdir "$HOST_ENTITIES_FOLDER"
DOTNET_GCHeapHardLimit= dotnet build "$root/tests/Olist.FunctionsHost.Tests" -c Release -v q -nologo -clp:NoSummary
failed=0
run() {
  local code=0
  dotnet exec "$root/artifacts/bin/Olist.FunctionsHost.Tests/release/Olist.FunctionsHost.Tests.dll" -method "*.ManyEntities.$1" -explicit only -showLiveOutput > "$work/$1.txt" 2>&1 || code=$?
  sed -n 's/.*\[OUTPUT\] //p' "$work/$1.txt"
  [ "$code" -eq 0 ] || { failed=1; cat "$work/$1.txt"; }
}
run Made
run Opened
exit "$failed"
