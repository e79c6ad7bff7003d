// Counts and bounds of a data file against its rows: engines skip files by them, so a wrong one loses rows without a word.

import { ident, quote } from '../duckdb.mjs'
import { duckType } from './rows.mjs'

const mapOf = pairs => new Map((pairs ?? []).map(p => [p.key, p.value]))

/** A bound as the number or text that it stands for; null for types whose bounds are not judged here. */
function decode(type, bytes) {
  if (type === 'string') return bytes.toString('utf8')
  if (type === 'boolean') return bytes[0]
  if (type === 'int' || type === 'date') return BigInt(bytes.readInt32LE())
  if (/^(long|time|timestamp|timestamptz)$/.test(type)) return bytes.length === 4 ? BigInt(bytes.readInt32LE()) : bytes.readBigInt64LE()
  if (type === 'double') return bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE() // written before the column was widened
  if (type === 'float') return bytes.readFloatLE()
  if (type.startsWith('decimal')) {
    let value = bytes[0] & 0x80 ? -1n : 0n
    for (const b of bytes) value = (value << 8n) | BigInt(b)
    return value
  }
  return null
}

/** SQL for a column in the unit of its bounds. */
function unit(field) {
  const column = ident(field.name)
  if (field.type === 'date') return `date_diff('day', DATE '1970-01-01', ${column})`
  if (/^timestamp/.test(field.type)) return `epoch_us(${column})`
  if (field.type === 'time') return `epoch_us(${column})`
  if (field.type === 'boolean') return `${column}::INTEGER`
  const scale = /^decimal\(\d+, ?(\d+)\)$/.exec(field.type)?.[1]
  return scale ? `(${column}::DECIMAL(38, ${scale}) * 1${'0'.repeat(Number(scale))})::HUGEINT` : column
}

const asText = (field, value) => field.type === 'string' ? value : field.type === 'float' || field.type === 'double' ? Number(value) : field.type === 'boolean' ? Number(value) : BigInt(value)
const compare = (a, b) => typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0

/** Checks one data file (an entry of Manifests.liveFiles) against its rows. */
export async function checkBounds(db, schema, entry, problem) {
  const counts = mapOf(entry.file.value_counts), nulls = mapOf(entry.file.null_value_counts), lower = mapOf(entry.file.lower_bounds), upper = mapOf(entry.file.upper_bounds)
  const present = new Set((await db.rows(`SELECT field_id::INTEGER AS id FROM parquet_schema(${quote(entry.onDisk)}) WHERE field_id IS NOT NULL`)).map(r => Number(r.id)))
  const fields = schema.fields.filter(f => present.has(f.id) && f.type !== 'uuid' && !/^(binary|fixed)/.test(f.type))
  if (!present.size) problem(`${entry.path}: no column has a field id`)
  for (const f of schema.fields) if (f.required && !present.has(f.id)) problem(`${entry.path}: no column has field id ${f.id} (${f.name}, required)`)
  if (!fields.length) return
  const byId = 'MAP {' + fields.map(f => `${f.id}: {name: ${quote(f.name)}, type: ${quote(duckType(f.type))}, default_value: NULL}`).join(', ') + '}'
  const real = await db.one(`SELECT count(*)::VARCHAR AS n, ${fields.map(f => `(count(*) - count(${ident(f.name)}))::VARCHAR AS null${f.id}, min(${unit(f)})::VARCHAR AS min${f.id}, max(${unit(f)})::VARCHAR AS max${f.id}`).join(', ')}
    FROM read_parquet(${quote(entry.onDisk)}, schema = ${byId}, hive_partitioning = false)`)
  if (BigInt(real.n) !== entry.rows) problem(`${entry.path}: record_count is ${entry.rows}, the file has ${real.n} rows`)
  for (const f of fields) {
    const where = `${entry.path}: ${f.name}`
    if (counts.has(f.id) && counts.get(f.id) !== BigInt(real.n)) problem(`${where}: value_counts is ${counts.get(f.id)}, there are ${real.n}`)
    if (nulls.has(f.id) && nulls.get(f.id) !== BigInt(real[`null${f.id}`])) problem(`${where}: null_value_counts is ${nulls.get(f.id)}, there are ${real[`null${f.id}`]}`)
    if (f.required && real[`null${f.id}`] !== '0') problem(`${where}: required, and has ${real[`null${f.id}`]} nulls`)
    if (real[`min${f.id}`] === null) {
      if (lower.has(f.id) || upper.has(f.id)) problem(`${where}: bounds, and no value`)
      continue
    }
    const low = lower.has(f.id) ? decode(f.type, lower.get(f.id)) : null, high = upper.has(f.id) ? decode(f.type, upper.get(f.id)) : null
    if (low !== null && compare(low, asText(f, real[`min${f.id}`])) > 0) problem(`${where}: lower bound ${low} is above ${real[`min${f.id}`]}`)
    if (high !== null && compare(high, asText(f, real[`max${f.id}`])) < 0) problem(`${where}: upper bound ${high} is below ${real[`max${f.id}`]}`)
  }
}
