// node oracle.mjs DATASET_DIR OUT_DIR
// Every bronze, silver and gold table, computed from the nine CSV files by DuckDB, as OUT_DIR/<layer>.<table>.parquet;
// OUT_DIR/set-aside.json lists the rows that break the rules of their file, OUT_DIR/counts.json the rows per table.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clean, duckColumns, files } from './oracle/dataset.mjs'
import { buildTables, tables } from './oracle/tables.mjs'
import { openDuckDB, quote } from './duckdb.mjs'

const [dataset, target] = process.argv.slice(2)
if (!target) {
  console.error('usage: node oracle.mjs DATASET_DIR OUT_DIR')
  process.exit(2)
}
mkdirSync(target, { recursive: true })
const work = mkdtempSync(join(tmpdir(), 'olist-oracle-'))
try {
  const db = await openDuckDB(), aside = []
  for (const spec of files) {
    const csv = join(work, `${spec.table}.csv`)
    aside.push(...await clean(dataset, spec, csv))
    await db.run(`CREATE TABLE ${spec.table} AS FROM read_csv(${quote(csv)}, header=true, auto_detect=false, delim=',', quote='"', escape='"', new_line='\\n',
      parallel=false, max_line_size=16777216, columns=${duckColumns(spec)})`)
    rmSync(csv)
  }
  await buildTables(db)
  const counts = {}
  for (const [name] of tables) {
    await db.run(`COPY ${name} TO ${quote(join(target, `${name}.parquet`))} (FORMAT parquet)`)
    counts[name] = Number((await db.one(`SELECT count(*) AS n FROM ${name}`)).n)
  }
  writeFileSync(join(target, 'counts.json'), JSON.stringify(counts, null, 2))
  writeFileSync(join(target, 'set-aside.json'), JSON.stringify(aside, null, 2))
  for (const [name, rows] of Object.entries(counts)) console.log(name.padEnd(40), rows)
  console.log('rows set aside'.padEnd(40), aside.length)
} finally {
  rmSync(work, { recursive: true, force: true })
}
