#!/usr/bin/env bash
# The running app as an Iceberg REST catalog: an independent client lists, loads, makes, commits and drops; then the pipeline's tables are still whole.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/app.sh"

dataset="$(synthetic 300 7)" || exit 1
check "a small lake is filled" olist backfill --dataset "$dataset" --lake "$lake" || done_checking

export Olist__Dataset=none Olist__Batch__Schedule="0 0 0 1 1 *"
start
answers() { get /api/catalog/v1/config; }
check "the catalog answers" until_true 30 answers || done_checking

node "$readers/rest/catalog.mjs" "$url/api/catalog" "$(json "$lake.state/host/keys.json" d.host.default)" || failures=$((failures + 1))

check "outside readers still read every table, and the rows are the oracle's" outside_readers_agree "$lake" "$dataset"
kill -TERM "$app"; wait "$app"; app=""
done_checking
