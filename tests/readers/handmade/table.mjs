// A small Iceberg table written by hand, to try the readers on: three commits (append; position delete; equality delete with an append).
// Everything in it is right; a test spoils one thing and looks whether that is seen.

import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import avro from 'avsc'
import { quote } from '../duckdb.mjs'

const long = avro.types.LongType.__with({
  fromBuffer: b => b.readBigInt64LE(), toBuffer: n => { const b = Buffer.alloc(8); b.writeBigInt64LE(BigInt(n)); return b },
  fromJSON: BigInt, toJSON: String, isValid: n => typeof n === 'bigint', compare: (a, b) => a < b ? -1 : a > b ? 1 : 0,
})

/** An Avro container with one block, as plain as it gets; the schema is stored as given, with its ids. */
export function avroFile(path, schema, meta, records) {
  const type = avro.Type.forSchema(schema, { registry: { long } }), header = avro.Type.forSchema({ type: 'map', values: 'bytes' }), count = avro.Type.forSchema('long')
  const sync = Buffer.from('0123456789abcdef'), block = Buffer.concat(records.map(r => type.toBuffer(r)))
  const all = { 'avro.schema': JSON.stringify(schema), 'avro.codec': 'null', ...meta }
  writeFileSync(path, Buffer.concat([Buffer.from('Obj\x01', 'latin1'), header.toBuffer(Object.fromEntries(Object.entries(all).map(([k, v]) => [k, Buffer.from(v)]))), sync,
    ...(records.length ? [count.toBuffer(records.length), count.toBuffer(block.length), block, sync] : [])]))
}

const field = (id, name, type) => ({ name, type, 'field-id': id })
const optional = (id, name, type) => ({ name, type: ['null', type], default: null, 'field-id': id })
const mapOf = (key, value, type) => ({ type: 'array', logicalType: 'map', items: { type: 'record', name: `k${key}_v${value}`, fields: [field(key, 'key', 'int'), field(value, 'value', type)] } })
export const entrySchema = {
  type: 'record', name: 'manifest_entry', fields: [field(0, 'status', 'int'), optional(1, 'snapshot_id', 'long'), optional(3, 'sequence_number', 'long'), optional(4, 'file_sequence_number', 'long'),
    field(2, 'data_file', { type: 'record', name: 'r2', fields: [field(134, 'content', 'int'), field(100, 'file_path', 'string'), field(101, 'file_format', 'string'), field(102, 'partition', { type: 'record', name: 'r102', fields: [] }),
      field(103, 'record_count', 'long'), field(104, 'file_size_in_bytes', 'long'), optional(109, 'value_counts', mapOf(119, 120, 'long')), optional(110, 'null_value_counts', mapOf(121, 122, 'long')),
      optional(125, 'lower_bounds', mapOf(126, 127, 'bytes')), optional(128, 'upper_bounds', mapOf(129, 130, 'bytes')), optional(135, 'equality_ids', { type: 'array', items: 'int', 'element-id': 136 })] })],
}
export const listSchema = {
  type: 'record', name: 'manifest_file', fields: [field(500, 'manifest_path', 'string'), field(501, 'manifest_length', 'long'), field(502, 'partition_spec_id', 'int'), field(517, 'content', 'int'), field(515, 'sequence_number', 'long'),
    field(516, 'min_sequence_number', 'long'), field(503, 'added_snapshot_id', 'long'), field(504, 'added_files_count', 'int'), field(505, 'existing_files_count', 'int'), field(506, 'deleted_files_count', 'int'),
    field(512, 'added_rows_count', 'long'), field(513, 'existing_rows_count', 'long'), field(514, 'deleted_rows_count', 'long')],
}
const schema = {
  type: 'struct', 'schema-id': 0, 'identifier-field-ids': [1], fields: [{ id: 1, name: 'id', required: true, type: 'long' }, { id: 2, name: 'name', required: false, type: 'string' }, { id: 3, name: 'price', required: false, type: 'decimal(10, 2)' },
    { id: 4, name: 'at', required: false, type: 'timestamptz' }, { id: 5, name: 'share', required: false, type: 'double' }],
}
const location = 'file:///somewhere/else/shop/orders'

/**
 * Writes the table into `folder`. `change` may alter what is written: entry(data_file), listed(manifest), document(metadata).
 * Returns the ids that are left: 1, 3, 5, 6.
 */
export async function writeTable(db, folder, change = {}) {
  for (const f of ['data', 'metadata']) mkdirSync(join(folder, f), { recursive: true })
  const at = path => join(folder, path.slice(location.length)), sizeOf = path => BigInt(statSync(at(path)).size)
  const parquet = async (name, sql, ids) => { const path = `${location}/data/${name}`; await db.run(`COPY (${sql}) TO ${quote(at(path))} (FORMAT parquet, FIELD_IDS ${ids})`); return path }
  const rows = (ids, name) => parquet(name, ids.map(i => `SELECT ${i}::BIGINT AS id, ${i === 5 ? 'NULL' : `'n' || ${i}`}::VARCHAR AS name, ${i}.10::DECIMAL(10,2) AS price, TIMESTAMPTZ '2018-01-0${i} 10:00:00.123456Z' AS "at", ${i} / 3 AS share`).join(' UNION ALL '),
    "{id: 1, name: 2, price: 3, 'at': 4, share: 5}")
  const number = n => { const b = Buffer.alloc(8); b.writeBigInt64LE(BigInt(n)); return b }
  const dataFile = (path, ids) => ({ content: 0, file_path: path, record_count: BigInt(ids.length), value_counts: [{ key: 1, value: BigInt(ids.length) }], null_value_counts: [{ key: 2, value: BigInt(ids.filter(i => i === 5).length) }],
    lower_bounds: [{ key: 1, value: number(Math.min(...ids)) }, { key: 2, value: Buffer.from('n') }], upper_bounds: [{ key: 1, value: number(Math.max(...ids)) }, { key: 2, value: Buffer.from('o') }], equality_ids: null })
  const deleteFile = (content, path, n, ids) => ({ content, file_path: path, record_count: n, value_counts: null, null_value_counts: null, lower_bounds: null, upper_bounds: null, equality_ids: ids })
  const first = await rows([1, 2, 3, 4], 'first.parquet'), second = await rows([4, 5, 6], 'second.parquet')
  const positions = await parquet('positions-deletes.parquet', `SELECT ${quote(first)} AS file_path, 1::BIGINT AS pos`, '{file_path: 2147483546, pos: 2147483545}')
  const equals = await parquet('equality-deletes.parquet', 'SELECT 4::BIGINT AS id', '{id: 1}')
  const equals2 = await parquet('equality-deletes-2.parquet', 'SELECT 4::BIGINT AS id', '{id: 1}')

  // Each commit: its files, as [content of the manifest, data files]. The last one deletes id 4 of both commits before it.
  const commits = [[[0, [dataFile(first, [1, 2, 3, 4])]]], [[1, [deleteFile(1, positions, 1n, null)]], [0, [dataFile(second, [4, 5, 6])]], [1, [deleteFile(2, equals, 1n, [1])]]], [[1, [deleteFile(2, equals2, 1n, [1])]]]]
  const manifests = [], snapshots = [], total = { 'total-records': 0n, 'total-data-files': 0n, 'total-delete-files': 0n, 'total-position-deletes': 0n, 'total-equality-deletes': 0n, 'total-files-size': 0n }
  for (const [i, commit] of commits.entries()) {
    const sequence = i + 1, id = 1000 + i, summary = { operation: ['append', 'overwrite', 'delete'][i] }
    for (const [k, [content, files]] of commit.entries()) {
      const path = `${location}/metadata/commit${i}-m${k}.avro`
      for (const f of files) {
        Object.assign(f, { file_format: 'PARQUET', partition: {}, file_size_in_bytes: sizeOf(f.file_path) })
        change.entry?.(f, i)
        const add = (key, n) => { summary[key] = String(BigInt(summary[key] ?? 0) + n) }
        const name = ['records', 'position-deletes', 'equality-deletes'][f.content], file = f.content ? 'delete-files' : 'data-files'
        for (const [key, n] of [[name, f.record_count], [file, 1n], ['files-size', f.file_size_in_bytes]]) { add(`added-${key}`, n); total[`total-${key}`] += n }
      }
      avroFile(at(path), entrySchema, { schema: JSON.stringify(schema), 'schema-id': '0', 'partition-spec': '[]', 'partition-spec-id': '0', 'format-version': '2', content: content ? 'deletes' : 'data' },
        files.map(data_file => ({ status: 1, snapshot_id: BigInt(id), sequence_number: null, file_sequence_number: null, data_file })))
      const m = { manifest_path: path, manifest_length: sizeOf(path), partition_spec_id: 0, content, sequence_number: BigInt(sequence), min_sequence_number: BigInt(sequence), added_snapshot_id: BigInt(id), added_files_count: files.length,
        existing_files_count: 0, deleted_files_count: 0, added_rows_count: files.reduce((n, f) => n + f.record_count, 0n), existing_rows_count: 0n, deleted_rows_count: 0n }
      change.listed?.(m, i)
      manifests.unshift(m)
    }
    const list = `${location}/metadata/snap-${id}.avro`
    avroFile(at(list), change.listSchema?.(structuredClone(listSchema)) ?? listSchema, { 'snapshot-id': String(id), 'parent-snapshot-id': i ? String(id - 1) : 'null', 'sequence-number': String(sequence), 'format-version': '2' }, manifests)
    snapshots.push({ 'snapshot-id': id, ...(i ? { 'parent-snapshot-id': id - 1 } : {}), 'sequence-number': sequence, 'timestamp-ms': 1700000000000 + i, 'manifest-list': list, 'schema-id': 0,
      summary: { ...summary, ...Object.fromEntries(Object.entries(total).map(([k, v]) => [k, String(v)])) } })
  }
  const document = {
    'format-version': 2, 'table-uuid': '12345678-1234-4234-8234-123456789abc', location, 'last-sequence-number': 3, 'last-updated-ms': 1700000000002, 'last-column-id': 5, 'current-schema-id': 0, schemas: [schema], 'default-spec-id': 0,
    'partition-specs': [{ 'spec-id': 0, fields: [] }], 'last-partition-id': 999, 'default-sort-order-id': 0, 'sort-orders': [{ 'order-id': 0, fields: [] }], properties: {}, 'current-snapshot-id': 1002, refs: { main: { 'snapshot-id': 1002, type: 'branch' } },
    snapshots, statistics: [], 'partition-statistics': [], 'snapshot-log': snapshots.map(s => ({ 'timestamp-ms': s['timestamp-ms'], 'snapshot-id': s['snapshot-id'] })), 'metadata-log': [],
  }
  const changed = structuredClone(document)
  change.document?.(changed)
  writeFileSync(join(folder, 'metadata/v1.metadata.json'), JSON.stringify(changed))
  writeFileSync(join(folder, 'metadata/version-hint.text'), '1')
}
