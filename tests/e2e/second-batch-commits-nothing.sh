#!/usr/bin/env bash
# Cost follows the change: a batch run, or a whole backfill, with nothing new leaves every file of the lake as it is.
source "$(dirname "$0")/lib.sh"
dataset="$(synthetic 3000 7)" || { not_ok "olist synth makes a dataset"; done_checking; }
lake="$work/lake"

tree() { (cd "$lake" && find . -type f -printf '%p %s %T@\n' | sort); }

unchanged() {
  tree > "$work/before"
  "$@" || return 1
  tree > "$work/after"
  diff "$work/before" "$work/after"
}

check "a backfill to start from" olist backfill --dataset "$dataset" --lake "$lake" || done_checking
check "a second batch changes no file" unchanged olist batch --lake "$lake"
check "a third batch changes no file" unchanged olist batch --lake "$lake"
check "the same backfill again changes no file" unchanged olist backfill --dataset "$dataset" --lake "$lake"
check "the tables are the oracle's still" equals_oracle "$lake" "$dataset"
done_checking
