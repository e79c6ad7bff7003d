#!/usr/bin/env bash
# kill -9 at a random moment of a backfill, then the same command again: the same tables, every time.
# OLIST_KILLS says how often (10), OLIST_SEED which moments (random; printed, so that a failure can be had again).
source "$(dirname "$0")/lib.sh"
dataset="$(synthetic 3000 7)" || { not_ok "olist synth makes a dataset"; done_checking; }
kills="${OLIST_KILLS:-10}"
seed="${OLIST_SEED:-$((RANDOM * 32768 + RANDOM))}"
RANDOM=$((seed % 32768))
echo "seed - OLIST_SEED=$seed"

milliseconds() { date +%s%3N; }
started=$(milliseconds)
check "an undisturbed backfill, to know how long it takes" olist backfill --dataset "$dataset" --lake "$work/whole" || done_checking
whole=$(($(milliseconds) - started))

killed_and_run_again() { # LAKE MILLISECONDS...
  local lake="$1" after process
  shift
  for after in "$@"; do
    dotnet exec "$OLIST_CLI" backfill --dataset "$dataset" --lake "$lake" > "$lake.log" 2>&1 &
    process=$!
    sleep "$(printf '%d.%03d' $((after / 1000)) $((after % 1000)))"
    if kill -9 "$process" 2> /dev/null; then echo "killed after $after ms"; else echo "had ended before $after ms"; fi
    wait "$process" 2> /dev/null
  done
  olist backfill --dataset "$dataset" --lake "$lake" && equals_oracle "$lake" "$dataset"
}

# The runtime needs a moment to start: the share of kills that hit real work is what counts.
somewhere() { echo $((100 + (RANDOM * 32768 + RANDOM) % whole)); }
for i in $(seq "$kills"); do
  at="$(somewhere)"
  check "kill $i of $kills, after $at of $whole ms" killed_and_run_again "$work/kill-$i" "$at"
  rm -rf "$work/kill-$i" "$work/kill-$i.state"
done
moments="$(somewhere) $(somewhere) $(somewhere)"
check "three kills in a row, after ${moments// /, } ms" killed_and_run_again "$work/kill-thrice" $moments
done_checking
