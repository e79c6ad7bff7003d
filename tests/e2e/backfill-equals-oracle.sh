#!/usr/bin/env bash
# One command from CSV files to gold tables, then: exported tables, tables as outside readers see them, and the figures it prints.
source "$(dirname "$0")/lib.sh"

# The document printed by --json agrees with the oracle: rows per table and messages per topic.
figures_agree() {
  node - "$1" "$2/counts.json" <<'JS'
const [said, counts] = process.argv.slice(2).map(f => JSON.parse(require('fs').readFileSync(f, 'utf8')))
const wrong = []
for (const [table, rows] of Object.entries(counts)) {
  if (said.rows?.[table] !== rows) wrong.push(`rows["${table}"] is ${said.rows?.[table]}, expected ${rows}`)
  const topic = table.replace(/^bronze\./, '')
  if (topic !== table && said.messages?.[topic] !== rows) wrong.push(`messages["${topic}"] is ${said.messages?.[topic]}, expected ${rows}`)
}
if (said.rejected?.count !== 0) wrong.push(`rejected is ${JSON.stringify(said.rejected)}, expected none`)
if (!Object.keys(said.seconds ?? {}).length) wrong.push('no seconds per stage')
if (wrong.length) { console.log(wrong.join('\n')); process.exit(1) }
JS
}

backfill_equals_oracle() { # NAME DATASET
  local lake="$work/$1"
  check "$1: olist backfill succeeds" bash -c 'dotnet exec "$1" backfill --dataset "$2" --lake "$3" --json > "$3.json"' - "$OLIST_CLI" "$2" "$lake" || return
  check "$1: the figures it prints are the oracle's" figures_agree "$lake.json" "$(oracle "$2")"
  check "$1: every exported table equals the oracle's" equals_oracle "$lake" "$2"
  check "$1: icebird, DuckDB and avsc read the same tables" outside_readers_agree "$lake" "$2"
}

if dataset="$(synthetic 3000 7)"; then backfill_equals_oracle synthetic "$dataset"; else not_ok "synthetic: olist synth makes a dataset"; fi
if has_sample; then backfill_equals_oracle sample "$sample"; else skip "sample: backfill equals the oracle" "no dataset at $sample"; fi
done_checking
