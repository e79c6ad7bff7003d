#!/usr/bin/env bash
# What a batch run over 1 % new orders costs: against the full batch, and on histories with 10 times the orders: one of ten times the time, and one of the same time.
#
#   bash tests/bench/incremental-ratio.sh [ORDERS=100000] [ROUNDS=9]
#   LONGER=1 DENSER=1 bash tests/bench/incremental-ratio.sh   without the histories of ten times the orders (which take some minutes and 6 GB each to build)
#   WORK=DIR bash tests/bench/incremental-ratio.sh        keeps the bronze tables for the next time
#
# Timed are the steps of the batch layer with all their reads and commits (flushed to disk), in one process that has run them before: no process start, no compilation, no ingestion.
#   full batch   all steps over ORDERS orders, from empty silver and gold tables
#   increment    all steps over what happened until ORDERS / 100 more orders were placed: these orders, and later events of earlier ones, taken into bronze before.
#                Before, they are run on copies, twenty to forty times, until that gets no faster: what is measured is a process that has been up for days, with the runtime settings of the app.
#                ROUNDS increments follow each other; those on the histories take turns. The number of new orders is the same on all. First three passes over those of the short history (alone) take turns with full batches, which gives the share; then three passes over all histories.
#   longer       as many orders a month as the short history, for ten times as long: the same increments, more behind them
#   denser       ten times as many orders a month: an increment is a tenth as long in time, and the months and products that it changes are ten times as large
# Prints each increment, medians by step, the time of ingestion, wall and processor time, the share (wanted: at most 5 %) and the growth with the length of the history (at most 1.3). Exit code 1 when either is missed.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
work="${WORK:-}"
if [ -n "$work" ]; then mkdir -p "$work"; else
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
fi
# ext4 without a journal passes over the places of files that went in the last five minutes, and earlier runs of this remove thousands. Marked as the top of a hierarchy, the folder has each lake in a part of the disk of its own.
chattr +T "$work" 2> /dev/null || true
target() { dotnet msbuild "$1" -nologo -getProperty:TargetPath -p:Configuration=Release; }
for project in functions/Olist.Functions tests/Olist.Pipeline.Tests; do dotnet build "$project" -c Release -v q -nologo -clp:NoSummary; done
assembly="$(target tests/Olist.Pipeline.Tests/Olist.Pipeline.Tests.csproj)" app="$(target functions/Olist.Functions/Olist.Functions.csproj)"
export OLIST_BENCH_WORK="$work" OLIST_BENCH_ORDERS="${1:-100000}" OLIST_BENCH_ROUNDS="${2:-9}" OLIST_BENCH_LONGER="${LONGER:-10}" OLIST_BENCH_DENSER="${DENSER:-10}"
dotnet exec --runtimeconfig "${app%.dll}.runtimeconfig.json" "$assembly" -method '*Full_batch_against_increments*' -explicit only -showLiveOutput -noColor | sed -n 's/^.*\[OUTPUT\] //p' | tee "$work/figures.txt"
read -r _ _ share _ growth < <(grep '^RESULT ' "$work/figures.txt")
echo "an increment costs $share % of the full batch (at most 5), and on the longer history $growth times as much as on the short one (at most 1.3)"
awk -v share="$share" -v growth="$growth" 'BEGIN { exit !(share <= 5 && growth <= 1.3) }'
