// Every table that the .NET suite made (OLIST_LAKE_TABLES; infra/test.sh has it written to artifacts/lake-tables), with the rows that it must have: DuckDB (deletes in SQL), hyparquet (deletes here) and
// icebird must find exactly those in each state, and avsc must read every manifest. The suite's own reader is not asked: where there is a model, the rows are the model's.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test, { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { icebergRead } from 'icebird'
import { openDuckDB } from './duckdb.mjs'
import { currentMetadata, mapper, parseIds, serveFromDisk } from './lake/files.mjs'
import { HyparquetTable } from './lake/hyparquet-rows.mjs'
import { icebirdLimit } from './lake/icebird-limits.mjs'
import { Manifests } from './lake/manifests.mjs'
import { checkMetadata } from './lake/metadata-rules.mjs'
import { difference, expectedExact, expectedIcebird, lines, plainOfExact, plainOfIcebird, plainSql } from './lake/plain.mjs'
import { duckView } from './lake/rows.mjs'

const asked = process.env.OLIST_LAKE_TABLES
const root = asked || join(dirname(fileURLToPath(import.meta.url)), '../../artifacts/lake-tables')
const folders = existsSync(root) ? readdirSync(root).sort() : []
const db = await openDuckDB({ threads: '1' })
const counts = { tables: 0, states: 0, rows: 0, icebird: 0 }, leftOut = new Map()
const leaveOut = why => leftOut.set(why, (leftOut.get(why) ?? 0) + 1)

async function verify(folder, expected, counts = { tables: 0, states: 0, rows: 0, icebird: 0 }) {
  const at = join(folder, expected.folder), problems = [], problem = text => problems.push(text)
  const { json } = currentMetadata(at, () => {}) // a hint may be behind: the suite kills writers
  const metadata = parseIds(json), disk = mapper(metadata.location, at)
  if (expected.strict) checkMetadata(metadata, problem, path => existsSync(disk(path) ?? ''))
  const manifests = new Manifests(metadata, disk, expected.strict ? problem : () => {}), hyparquet = new HyparquetTable()
  serveFromDisk(metadata.location, at)
  for (const state of expected.states) {
    const id = state.snapshot ?? metadata['current-snapshot-id'] ?? '-1', where = state.snapshot ? `snapshot ${id}` : 'the head'
    const snapshot = metadata.snapshots?.find(s => s['snapshot-id'] === id)
    const schema = metadata.schemas.find(s => s['schema-id'] === state.schema)
    if (schema.fields.some(f => typeof f.type !== 'string')) { leaveOut('a state with nested columns: their rows have no plain text yet'); continue }
    const live = snapshot ? await manifests.liveFiles(snapshot) : []
    const judge = (reader, rows, spell) => { const differs = difference(lines(state.rows.map(row => row.map((text, i) => spell(schema.fields[i], text)))), lines(rows)); if (differs) problem(`${where}: ${reader} reads ${differs}`) }

    await duckView(db, 'seen', schema, live, metadata.schemas)
    const seen = await db.rows(`SELECT ${schema.fields.map((f, i) => `${plainSql(f)} AS c${i}`).join(', ')} FROM seen`)
    judge('DuckDB', seen.map(row => schema.fields.map((_, i) => row[`c${i}`])), (_, text) => text)
    judge('hyparquet', (await hyparquet.liveRows(live)).map(row => schema.fields.map(f => plainOfExact(f, row.get(f.id)))), expectedExact)
    const limit = icebirdLimit(schema, live)
    if (limit) leaveOut(`icebird, ${limit}`)
    else {
      const rows = await icebergRead({ tableUrl: metadata.location, metadata: { ...metadata, 'current-snapshot-id': id, 'current-schema-id': state.schema } }).catch(e => problem(`${where}: icebird: ${e.message}`))
      if (rows) judge('icebird', rows.map(row => schema.fields.map(f => plainOfIcebird(f, row[f.name]))), expectedIcebird)
      counts.icebird++
    }
    counts.states++
    counts.rows += state.rows.length
  }
  assert.deepEqual(problems.slice(0, 5), [])
  counts.tables++
}

if (!folders.length) test('Tables of the .NET suite', { skip: asked ? false : 'no tables in artifacts/lake-tables: bash infra/test.sh unit writes them' }, () => assert.fail(`no tables in ${root}`))
for (const name of folders) {
  const folder = join(root, name), file = join(folder, 'expected.json')
  if (existsSync(file)) test(name, () => verify(folder, JSON.parse(readFileSync(file, 'utf8')), counts))
  else leaveOut(`a table that is not read: ${JSON.parse(readFileSync(join(folder, 'skipped.json'), 'utf8')).why}`)
}

// A judge that can't say no proves nothing.
const spoiled = folders.map(name => join(root, name)).find(folder => existsSync(join(folder, 'expected.json')) && JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')).states[0].rows.length > 1)
if (spoiled) {
  const expected = () => JSON.parse(readFileSync(join(spoiled, 'expected.json'), 'utf8'))
  const spoil = change => { const e = expected(); change(e.states[0].rows); return assert.rejects(verify(spoiled, e), /DuckDB reads .*\n.*hyparquet reads .*\n.*icebird reads/s) }
  test('A row too many, a row too few and a wrong value are seen by every reader', async () => {
    await spoil(rows => rows.push(rows[0]))
    await spoil(rows => rows.pop())
    await spoil(rows => { rows[0] = rows[0].map((text, i) => i ? text : `${text}0`) })
  })
}
after(() => {
  if (!counts.tables) return
  console.log(`note - ${counts.tables} tables in ${counts.states} states with ${counts.rows} rows: DuckDB, hyparquet and avsc read them all, icebird ${counts.icebird}`)
  for (const [why, n] of [...leftOut].sort()) console.log(`note - left out ${n}: ${why}`)
})
