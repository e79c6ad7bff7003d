#!/usr/bin/env bash
# Rows that break the rules of their file are set aside and counted; the rest goes on and ends in the oracle's tables.
source "$(dirname "$0")/lib.sh"

# set_aside_agrees SAID EXPECTED: the summary counts as many rows as are bad, and each that it shows is one of them
set_aside_agrees() {
  node - "$1" "$2" <<'JS'
const [said, expected] = process.argv.slice(2).map(f => JSON.parse(require('fs').readFileSync(f, 'utf8')))
const want = new Map(expected.bad.map(b => [`${b.file}:${b.line}`, b.kind])), wrong = []
const { count, examples = [] } = said.rejected ?? {}
if (count !== want.size) wrong.push(`rejected.count is ${count}, expected ${want.size}`)
const have = new Set(examples.map(r => `${r.file.split('/').at(-1)}:${r.line}`))
for (const row of have) if (!want.has(row)) wrong.push(`set aside for nothing: ${row}: ${examples.find(r => row.endsWith(`${r.file.split('/').at(-1)}:${r.line}`)).reason}`)
if (examples.length === count) for (const [row, kind] of want) if (!have.has(row)) wrong.push(`not set aside: ${row} (${kind})`)
if (!examples.length || examples.some(r => !r.reason)) wrong.push('a row without a reason')
if (wrong.length) { console.log(wrong.slice(0, 20).join('\n')); process.exit(1) }
JS
}

messy_ends_in_the_oracles_tables() { # NAME DATASET SEED
  local messy="$work/$1" lake="$work/$1-lake"
  check "$1: a messy copy" node "$(dirname "$0")/messy.mjs" "$2" "$messy" "$3" || return
  check "$1: the oracle sets aside exactly the rows made bad" node "$(dirname "$0")/messy.mjs" --agrees "$messy/expected.json" "$(oracle "$messy")/set-aside.json"
  check "$1: backfill goes on to the end" bash -c 'dotnet exec "$1" backfill --dataset "$2" --lake "$3" --json > "$3.json"' - "$OLIST_CLI" "$messy" "$lake" || return
  check "$1: the summary counts the rows set aside" set_aside_agrees "$lake.json" "$messy/expected.json"
  check "$1: the tables are the oracle's" equals_oracle "$lake" "$messy"
}

if dataset="$(synthetic 3000 7)"; then messy_ends_in_the_oracles_tables synthetic "$dataset" 1; else not_ok "olist synth makes a dataset"; fi
if has_sample; then messy_ends_in_the_oracles_tables sample "$sample" 2; else skip "sample: messy rows" "no dataset at $sample"; fi
done_checking
