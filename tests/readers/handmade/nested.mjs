// node nested.mjs ROOT: an Iceberg table shop.nested with lists, maps and structs, as other engines write them: Parquet by DuckDB, Avro by avsc.
// Two data files (the first is older than the field customer.since), a position delete of the order 2. Prints its live rows, spelled as parquet/canonical.mjs says.
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../duckdb.mjs'
import { connect, dump } from '../parquet/duckdb.mjs'
import { avroFile, entrySchema, listSchema } from './table.mjs'

const folder = join(process.argv[2], 'shop/nested')
for (const name of ['data', 'metadata']) mkdirSync(join(folder, name), { recursive: true })
const location = 'file:///elsewhere/shop/nested'
const at = path => join(folder, path.slice(location.length))
const sizeOf = path => BigInt(statSync(at(path)).size)

const customer = since => ({ type: 'struct', fields: [
  { id: 8, name: 'name', required: true, type: 'string' },
  { id: 9, name: 'address', required: false, type: { type: 'struct', fields: [{ id: 10, name: 'city', required: false, type: 'string' }, { id: 11, name: 'zips', required: false, type: { type: 'list', 'element-id': 12, element: 'int', 'element-required': false } }] } },
  ...(since ? [{ id: 20, name: 'since', required: false, type: 'date' }] : []),
] })
const schemaOf = (id, since) => ({ type: 'struct', 'schema-id': id, fields: [
  { id: 1, name: 'id', required: true, type: 'long' },
  { id: 2, name: 'tags', required: false, type: { type: 'list', 'element-id': 3, element: 'string', 'element-required': false } },
  { id: 4, name: 'counts', required: false, type: { type: 'map', 'key-id': 5, key: 'string', 'value-id': 6, value: 'int', 'value-required': false } },
  { id: 7, name: 'customer', required: false, type: customer(since) },
  { id: 13, name: 'lines', required: false, type: { type: 'list', 'element-id': 14, 'element-required': false, element: { type: 'struct', fields: [
    { id: 15, name: 'sku', required: false, type: 'string' },
    { id: 16, name: 'price', required: false, type: 'decimal(10, 2)' },
    { id: 17, name: 'discounts', required: false, type: { type: 'map', 'key-id': 18, key: 'int', 'value-id': 19, value: 'double', 'value-required': true } }] } } },
] })
const ids = since => `{id: 1, tags: {__duckdb_field_id: 2, element: 3}, counts: {__duckdb_field_id: 4, key: 5, value: 6},
  customer: {__duckdb_field_id: 7, name: 8, address: {__duckdb_field_id: 9, city: 10, zips: {__duckdb_field_id: 11, element: 12}}${since ? ', since: 20' : ''}},
  lines: {__duckdb_field_id: 13, element: {__duckdb_field_id: 14, sku: 15, price: 16, discounts: {__duckdb_field_id: 17, key: 18, value: 19}}}}`
const address = (city, zips) => `{city: ${city}::VARCHAR, zips: ${zips}::INTEGER[]}`
const person = (name, where, since) => `{name: ${name}, address: ${where}${since === undefined ? '' : `, since: ${since}::DATE`}}`
const line = (sku, price, discounts) => `{sku: ${sku}, price: ${price}::DECIMAL(10, 2), discounts: ${discounts}::MAP(INTEGER, DOUBLE)}`
const row = (id, tags, counts, who, lines) => `select ${id}::BIGINT as id, ${tags}::VARCHAR[] as tags, ${counts}::MAP(VARCHAR, INTEGER) as counts, ${who} as customer, ${lines} as lines`
const old = [
  row(1, "['a', null, '']", "map {'x': 1, 'y': null}", person("'Ana'", address("'São Paulo'", '[1, 2, null]')), `[${line("'s1'", '10.50', 'map {1: 0.5}')}, null]`),
  row(2, '[]', 'map {}', person("'gone'", address('null', 'null')), '[]'),
  row(3, 'null', 'null', 'null', 'null'),
]
const young = [
  row(4, "['b']", "map {'z': 9}", person("'Bea'", 'null', "'2018-05-01'"), `[${line('null', 'null', 'null')}, ${line("'s2'", '-0.01', 'map {}')}]`),
  row(5, '[null]', 'map {}', person("'Cid'", address('null', '[]'), 'null'), '[null]'),
]
const connection = await connect()
// Types of nulls come from the rows beside them.
await connection.run(`create table old as ${old.join(' union all by name ')}`)
await connection.run(`create table young as ${young.join(' union all by name ')}`)
const write = async (name, sql, fieldIds) => { await connection.run(`copy (${sql}) to ${quote(at(`${location}/data/${name}`))} (format parquet, field_ids ${fieldIds})`); return `${location}/data/${name}` }
const first = await write('first.parquet', 'select * from old order by id', ids(false))
const second = await write('second.parquet', 'select * from young order by id', ids(true))
const deletes = await write('deletes.parquet', `select ${quote(first)} as file_path, 1::BIGINT as pos`, '{file_path: 2147483546, pos: 2147483545}')

const manifest = (name, content, files) => {
  const path = `${location}/metadata/${name}.avro`
  avroFile(at(path), entrySchema, { schema: JSON.stringify(schemaOf(1, true)), 'schema-id': '1', 'partition-spec': '[]', 'partition-spec-id': '0', 'format-version': '2', content: content ? 'deletes' : 'data' },
    files.map(([file, rows]) => ({ status: 1, snapshot_id: 7n, sequence_number: null, file_sequence_number: null, data_file: {
      content, file_path: file, file_format: 'PARQUET', partition: {}, record_count: BigInt(rows), file_size_in_bytes: sizeOf(file), value_counts: null, null_value_counts: null, lower_bounds: null, upper_bounds: null, equality_ids: null } })))
  return { manifest_path: path, manifest_length: sizeOf(path), partition_spec_id: 0, content, sequence_number: 1n, min_sequence_number: 1n, added_snapshot_id: 7n, added_files_count: files.length,
    existing_files_count: 0, deleted_files_count: 0, added_rows_count: BigInt(files.reduce((n, [, rows]) => n + rows, 0)), existing_rows_count: 0n, deleted_rows_count: 0n }
}
avroFile(at(`${location}/metadata/snap-7.avro`), listSchema, { 'snapshot-id': '7', 'parent-snapshot-id': 'null', 'sequence-number': '1', 'format-version': '2' },
  [manifest('m0', 0, [[first, 3], [second, 2]]), manifest('m1', 1, [[deletes, 1]])])
writeFileSync(join(folder, 'metadata/v1.metadata.json'), JSON.stringify({
  'format-version': 2, 'table-uuid': '12345678-1234-4234-8234-123456789abd', location, 'last-sequence-number': 1, 'last-updated-ms': 1700000000000, 'last-column-id': 20, 'current-schema-id': 1, schemas: [schemaOf(0, false), schemaOf(1, true)],
  'default-spec-id': 0, 'partition-specs': [{ 'spec-id': 0, fields: [] }], 'last-partition-id': 999, 'default-sort-order-id': 0, 'sort-orders': [{ 'order-id': 0, fields: [] }], properties: {}, 'current-snapshot-id': 7,
  refs: { main: { 'snapshot-id': 7, type: 'branch' } }, snapshots: [{ 'snapshot-id': 7, 'sequence-number': 1, 'timestamp-ms': 1700000000000, 'manifest-list': `${location}/metadata/snap-7.avro`, 'schema-id': 1, summary: { operation: 'append' } }],
  'snapshot-log': [{ 'timestamp-ms': 1700000000000, 'snapshot-id': 7 }], 'metadata-log': [],
}))
writeFileSync(join(folder, 'metadata/version-hint.text'), '1')
await connection.run(`create view live as select * exclude customer, case when customer is null then null else {name: customer.name, address: customer.address, since: null::DATE} end as customer from old where id <> 2 union all by name select * from young`)
console.log(JSON.stringify(await dump(connection, 'select id, tags, counts, customer, lines from live order by id')))
