// node verify-lake.mjs LAKE_DIR [--export OUT_DIR] [--table NAME]
// Reads every table of a folder lake with readers that nobody here wrote and says whether they agree: icebird, DuckDB's Parquet reader over
// the live files (by field id, deletes applied in SQL), avsc over every Avro file; metadata JSON against the rules of the format; manifests
// against files, counts and sums; bounds against rows. One line per table, then what is wrong; exit code 1 when something is.
// --export writes each table's rows, as DuckDB sees them, to OUT_DIR/<namespace>.<table>.parquet.

import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDuckDB, quote } from './duckdb.mjs'
import { readAvro } from './lake/avro.mjs'
import { checkBounds } from './lake/bounds.mjs'
import { currentMetadata, findTables, mapper, parseIds, serveFromDisk } from './lake/files.mjs'
import { Manifests } from './lake/manifests.mjs'
import { checkMetadata } from './lake/metadata-rules.mjs'
import { duckChecksum, duckView, icebirdChecksum } from './lake/rows.mjs'

const { values, positionals: [lake] } = parseArgs({ allowPositionals: true, options: { export: { type: 'string' }, table: { type: 'string' } } })
if (!lake) {
  console.error('usage: node verify-lake.mjs LAKE_DIR [--export OUT_DIR] [--table NAME]')
  process.exit(2)
}
if (values.export) mkdirSync(values.export, { recursive: true })
const db = await openDuckDB()

async function verify({ name, folder }, problem) {
  const { file, json } = currentMetadata(folder, problem)
  const metadata = parseIds(json), disk = mapper(metadata.location, folder)
  if (!disk) return
  checkMetadata(metadata, problem, path => { const at = disk(path); return at !== null && existsSync(at) })

  let avroFiles = 0
  for (const f of readdirSync(join(folder, 'metadata')).filter(f => f.endsWith('.avro'))) {
    await readAvro(join(folder, 'metadata', f)).catch(e => problem(`metadata/${f}: ${e.message}`))
    avroFiles++
  }

  const manifests = new Manifests(metadata, disk, problem)
  let live = []
  for (const snapshot of metadata.snapshots ?? []) {
    const files = await manifests.liveFiles(snapshot)
    if (snapshot['snapshot-id'] === metadata['current-snapshot-id']) live = files
  }
  const schema = metadata.schemas.find(s => s['schema-id'] === metadata['current-schema-id'])
  for (const entry of live.filter(f => f.content === 0)) await checkBounds(db, schema, entry, problem)

  await duckView(db, 'seen', schema, live, metadata.schemas)
  const duck = await duckChecksum(db, 'seen', schema)
  const deletes = live.some(f => f.content !== 0), inManifests = live.filter(f => f.content === 0).reduce((n, f) => n + f.rows, 0n)
  if (!deletes && duck.rows !== inManifests) problem(`DuckDB reads ${duck.rows} rows, the manifests say ${inManifests}`)
  if (live.some(f => f.content === 0)) {
    serveFromDisk(metadata.location, folder)
    const ice = await icebirdChecksum(metadata.location, metadata, schema).catch(e => { problem(`icebird: ${e.message}`); return null })
    if (ice && ice.rows !== duck.rows) problem(`icebird reads ${ice.rows} rows, DuckDB ${duck.rows}`)
    else if (ice && ice.sum !== duck.sum) problem(`icebird and DuckDB read ${ice.rows} rows each, but not the same ones`)
  }
  if (values.export) await db.run(`COPY seen TO ${quote(join(values.export, `${name}.parquet`))} (FORMAT parquet)`)
  return `${String(duck.rows).padStart(9)} rows ${String(live.length).padStart(5)} files ${String(metadata.snapshots?.length ?? 0).padStart(5)} snapshots ${String(avroFiles).padStart(5)} avro  ${file.split('/').at(-1)}`
}

const tables = findTables(lake).filter(t => !values.table || t.name === values.table)
let failed = 0
for (const table of tables) {
  const problems = []
  const said = await verify(table, text => problems.push(text)).catch(e => { problems.push(e.message); return '' })
  console.log(`${problems.length ? 'WRONG' : 'ok   '} ${table.name.padEnd(40)} ${said}`)
  for (const text of problems.slice(0, 20)) console.log(`      ${text}`)
  if (problems.length > 20) console.log(`      and ${problems.length - 20} more`)
  if (problems.length) failed++
}
if (!tables.length) console.log(`no table in ${lake}`)
console.log(failed ? `${failed} of ${tables.length} tables are wrong` : `${tables.length} tables read by icebird, DuckDB and avsc alike`)
process.exitCode = failed || !tables.length ? 1 : 0
