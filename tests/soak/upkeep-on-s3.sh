#!/usr/bin/env bash
# Maintenance of a lake on S3, also while a backfill is writing to it: the rows stay the oracle's, files get fewer, and `--dry-run` changes nothing.
# Runs against OLIST_TEST_S3_ENDPOINT, as backfill-on-s3.sh does.
source "$(dirname "$0")/../e2e/lib.sh"
if [ -z "${OLIST_TEST_S3_ENDPOINT:-}" ]; then
  skip "upkeep on S3" "${OLIST_TEST_S3_SKIP:-OLIST_TEST_S3_ENDPOINT names no S3 server; eval \"\$(bash infra/ceph-gateway.sh start DIR)\" starts one}"
  done_checking
fi
export S3__Endpoint="$OLIST_TEST_S3_ENDPOINT" S3__AccessKey="${OLIST_TEST_S3_ACCESS_KEY:-olist}" S3__SecretKey="${OLIST_TEST_S3_SECRET_KEY:-olistsecret}" S3__PathStyle=true
lake="s3://${OLIST_TEST_S3_BUCKET:-olist}/upkeep-$(date +%s%N)/lake"
dataset="$(synthetic 300 7)" || { not_ok "olist synth makes a dataset"; done_checking; }
local_state=(--state "$work/state")

# Replays the dataset month by month with a batch run after each: a snapshot and some files per table and month.
fill() {
  local at next
  for at in 2016-01 2017-01 2017-05 2017-09 2018-01 2018-05 2018-09; do
    next="$at-01"
    olist replay --dataset "$dataset" --broker local "${local_state[@]}" --speed max ${from:+--from "$from"} --to "$next" || return 1
    olist batch --lake "$lake" "${local_state[@]}" || return 1
    from="$next"
  done
  olist backfill --dataset "$dataset" --lake "$lake" "${local_state[@]}"
}

upkeep() { olist lake compact --lake "$lake" && olist lake expire --lake "$lake" --older-than-hours 0 && olist lake orphans --lake "$lake"; }

# beside_a_writer: upkeep again and again until the writer is done
beside_a_writer() {
  fill > "$work/fill.log" 2>&1 &
  local writer=$! rounds=0
  until olist lake tables --lake "$lake" > /dev/null 2>&1 || ! kill -0 "$writer" 2> /dev/null; do sleep 0.2; done
  while kill -0 "$writer" 2> /dev/null; do
    upkeep > "$work/upkeep.log" 2>&1 || { grep -q "gives way" "$work/upkeep.log" || { cat "$work/upkeep.log"; wait "$writer"; return 1; }; }
    rounds=$((rounds + 1))
  done
  wait "$writer" || { tail -n 20 "$work/fill.log"; return 1; }
  echo "$rounds rounds of upkeep"
  [ "$rounds" -gt 0 ]
}

heads() { olist lake tables --lake "$lake"; }
dry_runs_change_nothing() {
  heads > "$work/before" || return 1
  for verb in compact expire orphans; do olist lake $verb --lake "$lake" --dry-run > "$work/$verb.dry" || return 1; done
  heads > "$work/after" && diff "$work/before" "$work/after"
}
one_snapshot_each() { [ "$(olist lake snapshots --lake "$lake" --table gold.fact_order_detail | wc -l)" -le 2 ]; }

check "upkeep beside a writer: both get on" beside_a_writer || done_checking
check "every table equals the oracle's" equals_oracle "$lake" "$dataset"
check "dry runs change nothing" dry_runs_change_nothing
check "upkeep once more, alone" upkeep
check "old snapshots are gone" one_snapshot_each
check "the rows are the same" equals_oracle "$lake" "$dataset"
check "a batch run goes on from its watermarks" olist batch --lake "$lake" "${local_state[@]}"
done_checking
