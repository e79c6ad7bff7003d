#!/usr/bin/env bash
# How much longer a whole backfill takes than DuckDB needs to read the same CSV files and compute silver and gold in memory.
#
#   bash tests/bench/backfill-ratio.sh [ORDERS=100000] [ROUNDS=5]     a synthetic dataset of that many orders
#   DATASET=DIR bash tests/bench/backfill-ratio.sh                    a dataset of your own
#
# Both are run in turns, in the same minutes, on the same files. Prints each round, both medians, their ratio (wanted: at most 8)
# and the peak of resident memory (wanted: below 1.5 GiB). Exit code 1 when either is missed. Work is done in TMPDIR.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
orders="${1:-100000}" rounds="${2:-5}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dotnet build functions/Olist.Cli -c Release -v q -nologo -clp:NoSummary
cli="$(dotnet msbuild functions/Olist.Cli/Olist.Cli.csproj -nologo -getProperty:TargetPath -p:Configuration=Release)"
[ -d tests/readers/node_modules ] || (cd tests/readers && npm ci --no-audit --no-fund > /dev/null)
dataset="${DATASET:-}"
if [ -z "$dataset" ]; then
  dataset="$work/dataset"
  dotnet exec "$cli" synth --orders "$orders" --seed 1 --out "$dataset" > /dev/null
fi
node tests/bench/backfill-ratio.mjs "$cli" "$dataset" "$work" "$rounds"
