import { DuckDBInstance } from '@duckdb/node-api'
import { doubleBits, floatBits, hex, text, wideDecimal } from './canonical.mjs'

export async function connect() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run("set TimeZone = 'UTC'")
  return connection
}

const spellings = {
  BOOLEAN: v => (v ? '1' : '0'),
  TINYINT: String, SMALLINT: String, INTEGER: String, BIGINT: String, UTINYINT: String, USMALLINT: String, UINTEGER: String,
  FLOAT: floatBits,
  DOUBLE: doubleBits,
  DATE: v => String(v.days),
  TIME: v => String(v.micros),
  TIMESTAMP: v => String(v.micros),
  'TIMESTAMP WITH TIME ZONE': v => String(v.micros),
  TIMESTAMP_MS: v => String(v.millis * 1000n),
  TIMESTAMP_NS: v => String(v.nanos >= 0n ? v.nanos / 1000n : (v.nanos - 999n) / 1000n),
  VARCHAR: text,
  BLOB: v => hex(v.bytes),
  UUID: v => 'x' + v.toString().replaceAll('-', '').toUpperCase(),
}

/** Types and values of a query, spelled as canonical.mjs says. */
export async function dump(connection, sql) {
  const result = await connection.runAndReadAll(sql)
  const types = result.columnTypes().map(String)
  const spell = types.map(type => {
    const decimal = /^DECIMAL\((\d+),/.exec(type)
    if (decimal) return v => (+decimal[1] <= 18 ? String(v.value) : wideDecimal(v.value))
    return spellings[type] ?? (() => { throw new Error(`no spelling for ${type}`) })
  })
  const rows = result.getRows().map(row => row.map((value, i) => (value === null ? 'null' : spell[i](value))))
  return { types, rows }
}
