#!/usr/bin/env bash
# Rows that break the rules of their file are set aside and counted; the rest goes on and ends in the oracle's tables.
source "$(dirname "$0")/lib.sh"

# set_aside_agrees SAID EXPECTED: the summary names as many rows as are bad, and where it lists them, the same ones
set_aside_agrees() {
  node - "$1" "$2" <<'JS'
const [said, expected] = process.argv.slice(2).map(f => JSON.parse(require('fs').readFileSync(f, 'utf8')))
const found = said.setAside
const want = expected.bad.map(b => `${b.file}:${b.line}`).sort()
const list = Array.isArray(found) ? found : found?.rows
const count = typeof found === 'number' ? found : found?.count ?? list?.length
if (count !== want.length) { console.log(`setAside says ${JSON.stringify(found)?.slice(0, 300)}, expected ${want.length} rows`); process.exit(1) }
if (Array.isArray(list) && list.length === want.length) {
  const have = list.map(r => `${r.file}:${r.line}`).sort()
  const differing = want.filter(w => !have.includes(w)).map(w => `- ${w} ${expected.bad.find(b => `${b.file}:${b.line}` === w).kind}`).concat(have.filter(h => !want.includes(h)).map(h => `+ ${h}`))
  if (differing.length) { console.log(differing.slice(0, 20).join('\n')); process.exit(1) }
  if (list.some(r => !r.reason)) { console.log('a row without a reason'); process.exit(1) }
}
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
