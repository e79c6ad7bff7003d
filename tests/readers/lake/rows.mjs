// The rows of a table as two readers see them: DuckDB over the live Parquet files, by field id and with deletes applied in SQL, and icebird.

import { createHash } from 'node:crypto'
import { icebergRead } from 'icebird'
import { ident, quote } from '../duckdb.mjs'

const simple = { boolean: 'BOOLEAN', int: 'INTEGER', long: 'BIGINT', float: 'FLOAT', double: 'DOUBLE', date: 'DATE', time: 'TIME', timestamp: 'TIMESTAMP', timestamptz: 'TIMESTAMPTZ', string: 'VARCHAR', uuid: 'UUID', binary: 'BLOB' }

/** DuckDB's type for an Iceberg type. */
export function duckType(type) {
  if (typeof type !== 'string') throw new Error(`nested type ${JSON.stringify(type)} is not read here`)
  if (type.startsWith('decimal')) return type.toUpperCase()
  if (type.startsWith('fixed')) return 'BLOB'
  return simple[type] ?? (() => { throw new Error(`unknown type ${type}`) })()
}

const listOf = files => '[' + files.map(f => quote(f.onDisk)).join(', ') + ']'

/** Creates the view `name` with the rows of the table: columns by field id, deletes applied by file and sequence number. `schemas` are all of the table: deletes may speak of a column that is gone. */
export async function duckView(db, name, schema, live, schemas = [schema]) {
  const data = live.filter(f => f.content === 0), columns = schema.fields.map(f => `${ident(f.name)}`)
  if (!data.length) return db.run(`CREATE OR REPLACE VIEW ${name} AS SELECT ${schema.fields.map(f => `NULL::${duckType(f.type)} AS ${ident(f.name)}`).join(', ')} WHERE false`)
  const byId = fields => 'MAP {' + fields.map(f => `${f.id}: {name: ${quote(f.name)}, type: ${quote(duckType(f.type))}, default_value: NULL}`).join(', ') + '}'
  const positions = live.filter(f => f.content === 1), equalities = live.filter(f => f.content === 2)
  const known = id => schemas.flatMap(s => s.fields).findLast(c => c.id === id)
  const gone = [...new Set(equalities.flatMap(f => f.equalityIds))].filter(id => !schema.fields.some(c => c.id === id)).map(id => ({ ...known(id), name: `_gone_${id}` }))
  const read = [...schema.fields, ...gone]
  if (!positions.length && !equalities.length)
    return db.run(`CREATE OR REPLACE VIEW ${name} AS SELECT ${columns.join(', ')} FROM read_parquet(${listOf(data)}, schema = ${byId(schema.fields)}, hive_partitioning = false)`)
  // Deletes need to know which file a row is from, so each file is read on its own and carries its path and sequence number.
  const rows = data.map(f => `SELECT *, ${quote(f.path)} AS _path, ${f.sequence} AS _sequence, ${quote(scope(f))} AS _scope FROM read_parquet(${quote(f.onDisk)}, schema = ${byId(read)}, file_row_number = true, hive_partitioning = false)`)
  const conditions = []
  if (positions.length) {
    const deletes = positions.map(f => `SELECT file_path, pos, ${f.sequence} AS seq FROM read_parquet(${quote(f.onDisk)}, hive_partitioning = false)`)
    conditions.push(`NOT EXISTS (SELECT 1 FROM (${deletes.join(' UNION ALL ')}) d WHERE d.file_path = r._path AND d.pos = r.file_row_number AND r._sequence <= d.seq)`)
  }
  for (const f of equalities) {
    const keys = f.equalityIds.map(id => read.find(c => c.id === id))
    const global = f.partition === null || Object.keys(f.partition).length === 0
    conditions.push(`NOT (r._sequence < ${f.sequence} ${global ? '' : `AND r._scope = ${quote(scope(f))}`} AND EXISTS (SELECT 1 FROM read_parquet(${quote(f.onDisk)}, schema = ${byId(keys)}, hive_partitioning = false) d
      WHERE ${keys.map(k => `d.${ident(k.name)} IS NOT DISTINCT FROM r.${ident(k.name)}`).join(' AND ')}))`)
  }
  await db.run(`CREATE OR REPLACE VIEW ${name} AS SELECT ${columns.join(', ')} FROM (${rows.join(' UNION ALL ')}) r WHERE ${conditions.join(' AND ')}`)
}

/** Spec and partition values; a number is the same as int and as long. */
export const scope = f => `${f.spec}:${JSON.stringify(f.partition ?? {}, (_, v) => typeof v === 'bigint' || typeof v === 'number' ? String(v) : v)}`

/** A value as the text that both readers agree on: times in ms (icebird rounds to them), doubles to 9 decimals. */
function duckText(field) {
  const column = ident(field.name)
  if (/^timestamp/.test(field.type)) return `epoch_ms(${column})::VARCHAR`
  if (field.type === 'date') return `epoch_ms(${column}::TIMESTAMP)::VARCHAR`
  if (/^(float|double|decimal)/.test(field.type)) return `printf('%.9f', ${column}::DOUBLE + 0.0)`
  if (/^(binary|fixed)/.test(field.type)) return `lower(hex(${column}))`
  return `${column}::VARCHAR`
}

function jsText(value) {
  if (value === null || value === undefined) return '\u0000'
  if (value instanceof Date) return String(value.getTime())
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return String(value)
}

/** {rows, sum}: how many rows there are, and the sum of a hash of each. */
export async function duckChecksum(db, view, schema) {
  const text = schema.fields.map(f => `coalesce(${duckText(f)}, chr(0))`).join(`, chr(31), `)
  const r = await db.one(`SELECT count(*)::VARCHAR AS n, coalesce(sum(md5_number_lower(concat(${text}))::HUGEINT), 0)::VARCHAR AS s FROM ${view}`)
  return { rows: BigInt(r.n), sum: BigInt(r.s) }
}

/** The same figures from icebird; `metadata` is what icebird is to read, ids exact. */
export async function icebirdChecksum(tableUrl, metadata, schema) {
  const rows = await icebergRead({ tableUrl, metadata })
  const decimals = schema.fields.map(f => /^(float|double|decimal)/.test(f.type))
  let sum = 0n
  for (const row of rows) {
    const text = schema.fields.map((f, i) => decimals[i] && row[f.name] !== null && row[f.name] !== undefined ? (Number(row[f.name]) + 0).toFixed(9) : jsText(row[f.name])).join('\u001f')
    sum += createHash('md5').update(text).digest().readBigUInt64LE(8)
  }
  return { rows: BigInt(rows.length), sum }
}
