// node duckdb-baseline.mjs DATASET_DIR
// What DuckDB needs to read the nine CSV files and compute silver and gold in memory; nothing is written. Prints one JSON line:
// {"seconds": all of it, "read": the files alone, "rows": of the gold tables, "peakBytes": resident}. The process' start is not counted.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { duckColumns, files } from './oracle/dataset.mjs'
import { buildTables, tables } from './oracle/tables.mjs'
import { openDuckDB, quote } from './duckdb.mjs'

const dataset = process.argv[2]
if (!dataset) {
  console.error('usage: node duckdb-baseline.mjs DATASET_DIR')
  process.exit(2)
}
const db = await openDuckDB()
const started = performance.now()
for (const spec of files) {
  // Only reviews have newlines inside of quotes, which keeps DuckDB from reading a file with all cores.
  const quotedNewlines = spec.table === 'reviews'
  await db.run(`CREATE TABLE ${spec.table} AS FROM read_csv(${quote(join(dataset, spec.file))}, header=true, auto_detect=false, delim=',', quote='"', escape='"', parallel=${!quotedNewlines}, columns=${duckColumns(spec)})`)
}
const read = performance.now()
await buildTables(db, { bronze: false })
const ended = performance.now()
let rows = 0
for (const [name] of tables) if (name.startsWith('gold.')) rows += Number((await db.one(`SELECT count(*)::VARCHAR AS n FROM ${name}`)).n)
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
console.log(JSON.stringify({ seconds: (ended - started) / 1000, read: (read - started) / 1000, rows, peakBytes: peak ? Number(peak[1]) * 1024 : null }))
