import { DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api'
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
  TIMESTAMP_S: v => String(v.seconds * 1000000n),
  TIMESTAMP_MS: v => String(v.millis * 1000n),
  TIMESTAMP_NS: v => String(v.nanos >= 0n ? v.nanos / 1000n : (v.nanos - 999n) / 1000n),
  VARCHAR: text,
  JSON: text,
  ENUM: text,
  BLOB: v => hex(v.bytes),
  UUID: v => 'x' + v.toString().replaceAll('-', '').toUpperCase(),
}

/** How values of a type are spelled: lists as arrays, structs as objects, maps as arrays of [key, value]. */
function spelling(type) {
  const orNull = spell => v => (v === null ? null : spell(v))
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const item = orNull(spelling(type.valueType))
      return v => v.items.map(item)
    }
    case DuckDBTypeId.STRUCT: {
      const fields = type.entryTypes.map(entry => orNull(spelling(entry)))
      return v => Object.fromEntries(type.entryNames.map((name, i) => [name, fields[i](v.entries[name])]))
    }
    case DuckDBTypeId.MAP: {
      const [key, value] = [spelling(type.keyType), orNull(spelling(type.valueType))]
      return v => v.entries.map(entry => [key(entry.key), value(entry.value)])
    }
    case DuckDBTypeId.ENUM: return spellings.ENUM
  }
  const name = String(type)
  const decimal = /^DECIMAL\((\d+),/.exec(name)
  if (decimal) return v => (+decimal[1] <= 18 ? String(v.value) : wideDecimal(v.value))
  return spellings[name] ?? (() => { throw new Error(`no spelling for ${name}`) })
}

/** Types and values of a query, spelled as canonical.mjs says. */
export async function dump(connection, sql) {
  const result = await connection.runAndReadAll(sql)
  const types = result.columnTypes()
  const spell = types.map(spelling)
  const rows = result.getRows().map(row => row.map((value, i) => (value === null ? 'null' : spell[i](value))))
  return { types: types.map(String), rows }
}
