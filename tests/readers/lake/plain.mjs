// Values as the text that tests/Olist.Lake.Tests/Tables/PlainText.cs writes: times in microseconds, dates in days, decimals in full, floats to 9 decimals, bytes in hex.

import { ident } from '../duckdb.mjs'

const isFloat = type => type === 'float' || type === 'double'
const isTime = type => type === 'timestamp' || type === 'timestamptz'
const scaleOf = type => Number(/^decimal\(\d+, ?(\d+)\)$/.exec(type)?.[1] ?? NaN)
const precisionOf = type => Number(/^decimal\((\d+)/.exec(type)?.[1])

/** SQL that gives a column as text. */
export function plainSql(field) {
  const column = ident(field.name)
  if (field.type === 'date') return `date_diff('day', DATE '1970-01-01', ${column})::VARCHAR`
  if (field.type === 'time' || isTime(field.type)) return `epoch_us(${column})::VARCHAR`
  if (isFloat(field.type)) return `printf('%.9f', ${column}::DOUBLE + 0.0)`
  if (/^(binary|fixed)/.test(field.type)) return `lower(hex(${column}))`
  return `${column}::VARCHAR`
}

const float = number => Number.isFinite(number) ? (number + 0).toFixed(9) : Number.isNaN(number) ? 'nan' : number > 0 ? 'inf' : '-inf'

/** JavaScript readers give decimals as doubles: what is above 15 digits is compared to 12. */
const decimal = (type, number) => precisionOf(type) > 15 ? number.toPrecision(12) : number.toFixed(scaleOf(type)).replace(/^-(0(\.0*)?)$/, '$1')

/** A value of hyparquet, whose parsers were told to leave numbers as they are. */
export function plainOfExact(field, value) {
  if (value === null || value === undefined) return null
  if (isFloat(field.type)) return float(value)
  if (field.type.startsWith('decimal')) return decimal(field.type, value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return String(value)
}

/** A value of icebird, which rounds times to milliseconds and takes every byte string for text. */
export function plainOfIcebird(field, value) {
  if (value instanceof Date) return String(value.getTime())
  return plainOfExact(field, value)
}

/** Expected text as `plainOfExact` gives it. */
export const expectedExact = (field, text) => text !== null && field.type.startsWith('decimal') ? decimal(field.type, Number(text)) : text

/** Expected text as `plainOfIcebird` gives it. */
export function expectedIcebird(field, text) {
  if (text === null) return null
  if (isTime(field.type)) return String(BigInt(text) / 1000n)
  if (field.type === 'date') return String(Number(text) * 86_400_000)
  if (field.type === 'binary') return new TextDecoder().decode(Buffer.from(text, 'hex'))
  return expectedExact(field, text)
}

/** Rows as sorted lines, so that two of them are equal when the same rows are in them. */
export const lines = rows => rows.map(row => JSON.stringify(row)).sort()

/** Undefined when both have the same rows, else a few that differ. */
export function difference(expected, actual) {
  if (expected.length === actual.length && expected.every((line, i) => line === actual[i])) return undefined
  const count = list => list.reduce((counts, line) => counts.set(line, (counts.get(line) ?? 0) + 1), new Map())
  const more = (a, b) => { const inB = count(b); return [...count(a)].filter(([line, n]) => n > (inB.get(line) ?? 0)).map(([line]) => line) }
  return `${actual.length} rows, expected ${expected.length}; missing ${more(expected, actual).slice(0, 2).join(' ')}; too many ${more(actual, expected).slice(0, 2).join(' ')}`
}
