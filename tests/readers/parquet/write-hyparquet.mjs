// node write-hyparquet.mjs FILE CODEC ROWS: a column for every type, encoding and nesting that hyparquet-writer knows; what is in it on stdout.
// The dump is made of the values that were handed to the writer, spelled as canonical.mjs says: no reader has a part in it.
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'
import { parquetWriteFile } from 'hyparquet-writer'
import { doubleBits, floatBits, hex, text, wideDecimal } from './canonical.mjs'

const [file, codec, rowText] = process.argv.slice(2)
const rows = +rowText
const utf8 = new TextEncoder()

/** Literals only: valid LZ4, if not small. */
function lz4(input) {
  const rest = []
  for (let left = input.length - 15; left >= 0; left -= 255) rest.push(Math.min(left, 255))
  return Uint8Array.from([Math.min(input.length, 15) << 4, ...rest, ...input])
}
const compressors = { GZIP: gzipSync, BROTLI: brotliCompressSync, LZ4_RAW: lz4, ZSTD: deflateRawSync }

let state = 42
/** 0 to n - 1, the same in every run. */
function random(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}
const bytes = n => Uint8Array.from({ length: n }, () => random(256))
const longs = () => BigInt(random(2 ** 31)) * BigInt(random(2 ** 31)) - 2n ** 60n
const uuid = raw => Buffer.from(raw).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

// Type of a leaf: schema element, a random value, and its spelling.
const INTEGER = (bitWidth, isSigned) => ({ type: 'INTEGER', bitWidth, isSigned })
const leaf = {
  boolean: [{ type: 'BOOLEAN' }, () => random(3) === 0, v => (v ? '1' : '0')],
  int: [{ type: 'INT32' }, () => random(2 ** 32) - 2 ** 31, String],
  int8: [{ type: 'INT32', converted_type: 'INT_8' }, () => random(256) - 128, String],
  uint16: [{ type: 'INT32', logical_type: INTEGER(16, false) }, () => random(65536), String],
  uint32: [{ type: 'INT32', converted_type: 'UINT_32' }, () => random(2 ** 32), String],
  long: [{ type: 'INT64' }, longs, String],

  float: [{ type: 'FLOAT' }, () => Math.fround(random(1e6) / 7 - 5e4), floatBits],
  double: [{ type: 'DOUBLE' }, () => random(1e9) / 7 - 5e7, doubleBits],
  bytes: [{ type: 'BYTE_ARRAY' }, () => bytes(random(12)), hex],
  string: [{ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, () => ['', 'toys', 'ação 🚚', `text ${random(1e6)}`][random(4)], text],
  json: [{ type: 'BYTE_ARRAY', converted_type: 'JSON' }, () => ({ n: random(100) }), v => text(JSON.stringify(v))],
  enum: [{ type: 'BYTE_ARRAY', converted_type: 'ENUM' }, () => utf8.encode(['a', 'b'][random(2)]), hex],
  date: [{ type: 'INT32', converted_type: 'DATE' }, () => random(60000) - 30000, String],
  ts_millis: [{ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, () => BigInt(random(2 ** 31)) * 1000n - 10n ** 11n, v => String(v * 1000n)],
  ts_micros: [{ type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } }, () => BigInt(random(2 ** 31)) * 1000003n, String],
  ts_nanos: [{ type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' } }, () => BigInt(random(2 ** 31)) * 1000000007n, v => String(v / 1000n)],
  time_millis: [{ type: 'INT32', converted_type: 'TIME_MILLIS' }, () => random(86400000), v => String(v * 1000)],
  time_micros: [{ type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: true, unit: 'MICROS' } }, () => BigInt(random(86400000)) * 1000n, String],
  uuid: [{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }, () => uuid(bytes(16)), v => 'x' + v.replaceAll('-', '').toUpperCase()],
  fixed: [{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 5 }, () => bytes(5), hex],
  decimal9: [{ type: 'INT32', converted_type: 'DECIMAL', scale: 2, precision: 9 }, () => BigInt(random(1e9) - 5e8), String],
  decimal18: [{ type: 'INT64', converted_type: 'DECIMAL', scale: 4, precision: 18 }, () => BigInt(random(2 ** 31)) * 100000007n - 10n ** 16n, String],
  decimal38: [{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, converted_type: 'DECIMAL', scale: 10, precision: 38 }, () => longs() * longs(), wideDecimal],
}

const schema = []
const columnData = []
const spellings = []
let id = 0

/** Adds a column; tree is what nest functions below give. */
function add(name, tree, options = {}) {
  const elements = tree.elements(name)
  schema.push(...elements)
  columnData.push({ name, data: Array.from({ length: rows }, tree.value), ...options })
  spellings.push(tree.spell)
}
const orNull = (share, tree) => ({
  elements: name => tree.elements(name).map((element, i) => (i === 0 ? { ...element, repetition_type: 'OPTIONAL' } : element)),
  value: () => (random(100) < share ? null : tree.value()),
  spell: v => (v === null ? null : tree.spell(v)),
})
const of = kind => ({ elements: name => [{ name, repetition_type: 'REQUIRED', field_id: ++id, ...leaf[kind][0] }], value: leaf[kind][1], spell: leaf[kind][2] })
const few = (kind, values) => ({ ...of(kind), value: () => values[random(values.length)] })
const struct = fields => ({
  elements: name => [{ name, repetition_type: 'REQUIRED', num_children: Object.keys(fields).length, field_id: ++id }, ...Object.entries(fields).flatMap(([field, tree]) => tree.elements(field))],
  value: () => Object.fromEntries(Object.entries(fields).map(([field, tree]) => [field, tree.value()])),
  spell: v => Object.fromEntries(Object.entries(fields).map(([field, tree]) => [field, tree.spell(v[field])])),
})
const list = (item, names = ['list', 'element']) => ({
  elements: name => [{ name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1, field_id: ++id }, { name: names[0], repetition_type: 'REPEATED', num_children: 1 }, ...item.elements(names[1])],
  value: () => Array.from({ length: random(5) }, item.value),
  spell: v => v.map(item.spell),
})
const map = (key, value) => ({
  elements: name => [{ name, repetition_type: 'REQUIRED', converted_type: 'MAP', num_children: 1, field_id: ++id }, { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 }, ...key.elements('key'), ...value.elements('value')],
  value: () => Array.from({ length: random(4) }, (_, i) => ({ key: key.value(i), value: value.value() })),
  spell: v => v.map(entry => [key.spell(entry.key), value.spell(entry.value)]),
})
const counter = { ...of('int'), value: i => i }

for (const kind of Object.keys(leaf)) {
  add(kind, orNull(20, of(kind)), { columnIndex: true, bloomFilter: kind === 'string' })
  add(`list_${kind}`, orNull(20, list(orNull(25, of(kind)))))
}
for (const [kind, encodings] of Object.entries({
  int: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
  long: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
  float: ['PLAIN', 'BYTE_STREAM_SPLIT'],
  double: ['PLAIN', 'BYTE_STREAM_SPLIT'],
  boolean: ['PLAIN', 'RLE'],
  string: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'],
  fixed: ['PLAIN', 'RLE_DICTIONARY', 'BYTE_STREAM_SPLIT'],
}))
  for (const encoding of encodings) {
    add(`${kind}_${encoding}`, orNull(10, of(kind)), { encoding })
    add(`list_${kind}_${encoding}`, orNull(10, list(orNull(10, of(kind)))), { encoding })
  }
add('few_in_lists', list(few('string', ['a', 'b', 'c'])))
add('required_struct', struct({ a: of('long'), b: orNull(30, of('string')) }))
add('struct', orNull(30, struct({ a: of('long'), b: orNull(30, struct({ c: orNull(30, of('double')), d: of('int') })) })))
add('lists_of_lists', orNull(20, list(orNull(20, list(orNull(20, of('int')))))))
add('list_of_structs', orNull(20, list(orNull(20, struct({ a: orNull(20, of('long')), words: orNull(20, list(of('string'))) })))))
add('map', orNull(20, map(counter, orNull(20, of('string')))))
add('map_of_maps', orNull(20, map(counter, orNull(20, map(counter, orNull(20, list(of('double'))))))))
add('old_names', orNull(20, list(orNull(20, of('int')), ['bag', 'array_element'])))

const named = [...columnData]
// Without a type of Iceberg: refused one by one.
const half = (name, element, value) => {
  schema.push({ name, repetition_type: 'REQUIRED', field_id: ++id, ...element })
  columnData.push({ name, data: Array.from({ length: rows }, value) })
}
half('half', { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } }, () => 1.5)
half('place', { type: 'BYTE_ARRAY', logical_type: { type: 'GEOMETRY' } }, () => ({ type: 'Point', coordinates: [1, 2] }))
half('ulong', { type: 'INT64', converted_type: 'UINT_64' }, () => 2n ** 64n - 1n)
schema.push({ name: 'variant', repetition_type: 'OPTIONAL', num_children: 2, logical_type: { type: 'VARIANT' } }, { name: 'metadata', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' }, { name: 'value', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' })
columnData.push({ name: 'variant', data: Array.from({ length: rows }, () => ({ a: 1 })) })

await parquetWriteFile({ filename: file, columnData, schema: [{ name: 'root', num_children: columnData.length }, ...schema], codec, compressors, pageSize: 2000, rowGroupSize: Math.max(1, Math.ceil(rows / 2)) })
const dumped = Array.from({ length: rows }, (_, row) => named.map((column, i) => { const v = spellings[i](column.data[row]); return v === null ? 'null' : v }))
console.log(JSON.stringify({ names: named.map(column => column.name), rows: dumped }))
