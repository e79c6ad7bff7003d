// Spoils one thing after the other in a table that is right, and looks whether verify-lake sees it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDuckDB, quote } from './duckdb.mjs'
import { writeTable } from './handmade/table.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'olist-verify-'))
after(() => rmSync(work, { recursive: true, force: true }))
const db = await openDuckDB()

let count = 0
async function judge(change, spoil = () => {}) {
  const lake = join(work, `lake${++count}`), folder = join(lake, 'shop/orders')
  await writeTable(db, folder, change)
  spoil(folder)
  const said = spawnSync(process.execPath, [join(here, 'verify-lake.mjs'), lake, '--export', join(lake, 'out')], { encoding: 'utf8' })
  return { ...said, text: said.stdout + said.stderr, out: join(lake, 'out') }
}

test('A table that is right is read alike by all, deletes applied', async () => {
  const said = await judge()
  assert.equal(said.status, 0, said.text)
  assert.deepEqual((await db.rows(`SELECT id::INTEGER AS id FROM read_parquet(${quote(join(said.out, 'shop.orders.parquet'))}) ORDER BY 1`)).map(r => r.id), [1, 3, 5, 6])
})

test('A folder without a table is no lake', () => assert.equal(spawnSync(process.execPath, [join(here, 'verify-lake.mjs'), mkdtempSync(join(work, 'empty'))]).status, 1))

const damage = {
  'a data file that is gone': [{}, f => rmSync(join(f, 'data/second.parquet')), /second\.parquet.* is not there/],
  'a byte too many in a data file': [{}, f => writeFileSync(join(f, 'data/second.parquet'), Buffer.concat([Buffer.from('x'), readFileSync(join(f, 'data/second.parquet'))])), /file_size_in_bytes/],
  'a byte changed in a manifest': [{}, f => { const p = join(f, 'metadata/commit0-m0.avro'), b = readFileSync(p); b[b.length - 5] ^= 1; writeFileSync(p, b) }, /commit0-m0/],
  'a hint with a newline': [{}, f => writeFileSync(join(f, 'metadata/version-hint.text'), '1\n'), /version-hint/],
  'a hint that lags behind': [{}, f => writeFileSync(join(f, 'metadata/v2.metadata.json'), readFileSync(join(f, 'metadata/v1.metadata.json'))), /version-hint\.text says 1/],
  'a wrong record count': [{ entry: (e, i) => { if (!i) e.record_count = 5n } }, undefined, /record_count is 5/],
  'a lower bound that is too high': [{ entry: (e, i) => { if (!i) e.lower_bounds[0].value.writeBigInt64LE(2n) } }, undefined, /lower bound 2 is above 1/],
  'an upper bound that is too low': [{ entry: (e, i) => { if (!i) e.upper_bounds[1].value = Buffer.from('n3') } }, undefined, /upper bound n3 is below n4/],
  'a wrong null count': [{ entry: e => { if (e.null_value_counts) e.null_value_counts[0].value = 2n } }, undefined, /null_value_counts is 2/],
  'a wrong manifest length': [{ listed: m => { m.manifest_length++ } }, undefined, /manifest_length/],
  'wrong counts in the manifest list': [{ listed: m => { m.added_rows_count = 9n } }, undefined, /added_rows_count is 9/],
  'a manifest list without a field id': [{ listSchema: s => { delete s.fields[1]['field-id']; return s } }, undefined, /manifest_length has no field-id/],
  'a null in the metadata': [{ document: m => { m.properties = null } }, undefined, /properties is null/],
  'a missing field': [{ document: m => { delete m['last-partition-id'] } }, undefined, /last-partition-id/],
  'an id as text': [{ document: m => { m['last-column-id'] = '5' } }, undefined, /last-column-id is 5, expected a number/],
  'a location with a slash at its end': [{ document: m => { m.location += '/' } }, undefined, /location is/],
  'a sequence number that was not raised': [{ document: m => { m['last-sequence-number'] = 2 } }, undefined, /last-sequence-number is 2/],
  'a main that is not current': [{ document: m => { m.refs.main['snapshot-id'] = 1001 } }, undefined, /ref main/],
  'logs that go backward': [{ document: m => { m['snapshot-log'].reverse() } }, undefined, /snapshot-log/],
  'a summary total that is off': [{ document: m => { m.snapshots[1].summary['total-records'] = '8' } }, undefined, /total-records/],
  'a summary value that is a number': [{ document: m => { m.snapshots[0].summary['added-records'] = 4 } }, undefined, /added-records is no string/],
  'a snapshot without an operation': [{ document: m => { delete m.snapshots[0].summary.operation } }, undefined, /operation/],
  'an optional key': [{ document: m => { m.schemas[0].fields[0].required = false } }, undefined, /identifier field 1/],
  'a field that v2 does not have': [{ document: m => { m['next-row-id'] = 1 } }, undefined, /next-row-id/],
  'two columns with one id': [{ document: m => { m.schemas[0].fields[1].id = 1 } }, undefined, /field id 1/],
}
for (const [name, [change, spoil, words]] of Object.entries(damage)) {
  test(`It sees ${name}`, async () => {
    const said = await judge(change, spoil)
    assert.equal(said.status, 1, said.text)
    assert.match(said.text, words)
  })
}
