#!/usr/bin/env bash
# The commands below `olist lake`: what they print, what they refuse and in which words, and that a dry run changes nothing.
source "$(dirname "$0")/lib.sh"
lake="$work/lake"
dataset="$(synthetic 300 7)" || { not_ok "olist synth makes a dataset"; done_checking; }
table=gold.fact_order_detail

# refused WORDS ARGUMENTS...: exit code 1 and one line of complaint with these words
refused() {
  local words="$1" code
  shift
  dotnet exec "$OLIST_CLI" lake "$@" > "$work/out" 2> "$work/err"
  code=$?
  cat "$work/err"
  [ "$code" -eq 1 ] || { echo "exit code $code, expected 1"; return 1; }
  grep -Fq -- "$words" "$work/err" || { echo "expected the words: $words"; return 1; }
  ! grep -q "^   at " "$work/err" || { echo "a stack trace is no explanation"; return 1; }
}
# prints_json ARGUMENTS...: standard output is one JSON document
prints_json() { olist lake "$@" --json | node -e 'JSON.parse(require("fs").readFileSync(0, "utf8"))'; }
helps() { olist lake "$1" --help | grep -q -- --lake; }
files() { (cd "$lake" && find . -type f | sort | xargs cksum); }
changes_nothing() { files > "$work/before"; "$@" && files > "$work/after" && diff "$work/before" "$work/after"; }

check "a small lake is filled" olist backfill --dataset "$dataset" --lake "$lake" || done_checking
for verb in tables snapshots compact expire orphans rollback; do check "lake $verb has help" helps "$verb"; done
check "tables as JSON" prints_json tables --lake "$lake"
check "snapshots as JSON" prints_json snapshots --lake "$lake" --table $table
for verb in compact expire orphans; do
  check "$verb, as a dry run, changes nothing" changes_nothing olist lake $verb --lake "$lake" --dry-run
  check "$verb, as a dry run of one table, as JSON" prints_json $verb --lake "$lake" --table $table --dry-run
  check "$verb of a table that is not there" refused "No table gold.nobody" $verb --lake "$lake" --table gold.nobody
  check "$verb of a name that can't be" refused "expected layer.table" $verb --lake "$lake" --table nonsense
  check "$verb of a folder that is no lake" refused "$work" $verb --lake "$work"
done
head="$(olist lake snapshots --lake "$lake" --table $table | tail -n 1 | cut -d' ' -f1)"
check "rolling back to where it is, as a dry run" changes_nothing olist lake rollback --lake "$lake" --table $table --snapshot "$head" --dry-run
check "rolling back to a snapshot that is not there" refused "no snapshot 12345" rollback --lake "$lake" --table $table --snapshot 12345
check "the same as a dry run" refused "no snapshot 12345" rollback --lake "$lake" --table $table --snapshot 12345 --dry-run
check "an id that is no number" refused "abc" rollback --lake "$lake" --table $table --snapshot abc
check "hours that are no number" refused "soon" expire --lake "$lake" --older-than-hours soon
check "orphans younger than an hour" refused "--older-than-hours" orphans --lake "$lake" --older-than-hours 0.5
check "a count that is no number" refused "two" expire --lake "$lake" --keep two
check "keeping no snapshot" refused "--keep" expire --lake "$lake" --keep 0
done_checking
