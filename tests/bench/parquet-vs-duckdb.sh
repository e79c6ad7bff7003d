#!/usr/bin/env bash
# Our Parquet beside DuckDB's, on the same rows, in one run:
#
#   bash tests/bench/parquet-vs-duckdb.sh [ROWS=1000000] [ROUNDS=7]
#
# Per table (fact_order_lead_days, order_item): write, size, full scan, projected and filtered scan; median seconds of both, their ratio, the bar, CPU time, allocated bytes per row.
# Exit code 1 when a bar is missed. Ratios only mean something when the machine has two free cores; rounds alternate so that noise hits both.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dotnet build tests/Olist.Benchmarks -c Release -v q -nologo -clp:NoSummary
exe="$(dotnet msbuild tests/Olist.Benchmarks/Olist.Benchmarks.csproj -nologo -getProperty:TargetPath -p:Configuration=Release)"
[ -d tests/readers/node_modules ] || (cd tests/readers && npm ci --no-audit --no-fund > /dev/null)
node tests/bench/parquet-vs-duckdb.mjs "$exe" "$work" "${1:-1000000}" "${2:-7}"
