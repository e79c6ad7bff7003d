#!/usr/bin/env bash
# Memory of writing and scanning a large table stays bounded by row groups:
#
#   bash tests/bench/parquet-memory.sh [ROWS=10000000]
#
# Appends as many rows of order_item and of fact_order_lead_days (this one sorted by its key) to Iceberg tables in TMPDIR in one commit each, scans them, scans them with a filter,
# and prints the peak of resident memory as the kernel counts it. Exit code 1 when it is 600 MB or more. 10 million rows take about 1.5 GB of disk.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dotnet build tests/Olist.Benchmarks -c Release -v q -nologo -clp:NoSummary
dotnet exec "$(dotnet msbuild tests/Olist.Benchmarks/Olist.Benchmarks.csproj -nologo -getProperty:TargetPath -p:Configuration=Release)" memory "${1:-10000000}" "$work"
