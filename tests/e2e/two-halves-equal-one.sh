#!/usr/bin/env bash
# Replay up to a moment, batch, replay the rest, batch: the same tables as in one go. The moment is that of an event, so a boundary
# that takes the event twice, or not at all, is seen. Ten slices instead of two must not matter either.
source "$(dirname "$0")/lib.sh"
dataset="$(synthetic 3000 7)" || { not_ok "olist synth makes a dataset"; done_checking; }

# moment SHARE: when that share of all purchases has been made, as ISO 8601
moment() { tail -n +2 "$dataset/olist_orders_dataset.csv" | tr -d '"' | cut -d, -f4 | sort | awk -v share="$1" '{ at[NR] = $0 } END { print at[int(NR * share)] }' | sed 's/ /T/; s/$/Z/'; }

replay() { olist replay --dataset "$dataset" --broker local --speed max --state "$lake.state" "$@"; }
batch() { olist batch --lake "$lake" --state "$lake.state"; }

halves() { replay --to "$middle" && batch && replay --from "$middle" && batch; }

slices() {
  local from="" to
  for share in 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9; do
    to="$(moment "$share")"
    replay ${from:+--from "$from"} --to "$to" && batch || return 1
    from="$to"
  done
  replay --from "$from" && batch
}

middle="$(moment 0.5)" lake="$work/halves"
check "two halves, cut at $middle, run to the end" halves && check "two halves equal one run" equals_oracle "$lake" "$dataset"
lake="$work/slices"
check "ten slices run to the end" slices && check "ten slices equal one run" equals_oracle "$lake" "$dataset"
done_checking
