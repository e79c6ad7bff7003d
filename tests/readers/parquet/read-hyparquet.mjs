// node read-hyparquet.mjs FILE: the same as read-duckdb.mjs, by the JavaScript reader
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { doubleBits, floatBits, hex, text } from './canonical.mjs'
const file = await asyncBufferFromFile(process.argv[2])
const metadata = await parquetMetadataAsync(file)
const leaves = metadata.schema.slice(1)
// The default parsers round to milliseconds and doubles.
const parsers = {
  timestampFromMicroseconds: v => v, timestampFromMilliseconds: v => v, timestampFromNanoseconds: v => v,
  dateFromDays: v => v, stringFromBytes: v => v && Buffer.from(v),
}
const spell = leaves.map(leaf => {
  const kind = leaf.logical_type?.type
  if (kind === 'STRING') return v => hex(v)
  if (kind === 'UUID') return v => (typeof v === 'string' ? 'x' + v.replaceAll('-', '').toUpperCase() : hex(v))
  if (kind === 'DECIMAL') return v => 'number:' + v
  if (leaf.type === 'BOOLEAN') return v => (v ? '1' : '0')
  if (leaf.type === 'FLOAT') return floatBits
  if (leaf.type === 'DOUBLE') return doubleBits
  if (leaf.type === 'INT32' || leaf.type === 'INT64') return String
  return v => (typeof v === 'string' ? text(v) : hex(v))
})
const rows = await parquetReadObjects({ file, metadata, compressors, parsers, utf8: false })
console.log(JSON.stringify({
  types: leaves.map(leaf => leaf.logical_type?.type ?? leaf.type),
  rows: rows.map(row => leaves.map((leaf, i) => (row[leaf.name] === null || row[leaf.name] === undefined ? 'null' : spell[i](row[leaf.name])))),
}))
