// node compare.mjs EXPECTED_DIR ACTUAL_DIR [--only PREFIX] [--also-named TABLE.OTHER=NAME]...
// Compares <layer>.<table>.parquet pairs as multisets of rows, columns by name: times by instant, decimals exactly,
// coordinates and mean_sales to 4 decimals. Bronze tables of the actual side may carry ingest_time and the row's origin.
// One line per table, then the first rows that differ; exit code 1 on any difference or missing table.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ident, openDuckDB, quote } from './duckdb.mjs'

const { values, positionals: [expected, actual] } = parseArgs({ allowPositionals: true, options: { only: { type: 'string', default: '' }, 'also-named': { type: 'string', multiple: true, default: [] } } })
if (!actual) {
  console.error('usage: node compare.mjs EXPECTED_DIR ACTUAL_DIR [--only PREFIX] [--also-named TABLE.OTHER=NAME]...')
  process.exit(2)
}
const rounded = new Set(['lat', 'lng', 'mean_sales'])
const origin = new Set(['ingest_time', '_topic', '_partition', '_offset'])
const otherNames = new Map(values['also-named'].map(pair => pair.split('=')))
const db = await openDuckDB()

const kindOf = type => /^TIMESTAMP/.test(type) ? 'time' : /^DECIMAL/.test(type) ? `decimal` : /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type) ? 'whole number' : type.toLowerCase()

/** A column as the text that equal values share. */
function canonical(name, type) {
  const column = ident(name)
  if (rounded.has(name)) return `printf('%.4f', round(${column}::DOUBLE, 4) + 0.0)`
  if (/^TIMESTAMP/.test(type)) return `epoch_us(${column})::VARCHAR`
  if (/^DECIMAL/.test(type)) return `${column}::DECIMAL(38, 6)::VARCHAR`
  return `${column}::VARCHAR`
}

const columnsOf = async file => new Map((await db.rows(`DESCRIBE FROM read_parquet(${quote(file)}, hive_partitioning=false)`)).map(c => [c.column_name, c.column_type]))

async function differences(table, expectedFile, actualFile) {
  const wanted = await columnsOf(expectedFile), found = await columnsOf(actualFile)
  const nameIn = name => found.has(name) ? name : [...found.keys()].find(other => otherNames.get(`${table}.${other}`) === name) ?? otherNames.get(`${table}.${name}`)
  const missing = [...wanted.keys()].filter(name => !found.has(nameIn(name)))
  if (missing.length) return [`columns missing: ${missing.join(', ')} (there are: ${[...found.keys()].join(', ')})`]
  const taken = new Set([...wanted.keys()].map(nameIn))
  const extra = [...found.keys()].filter(name => !taken.has(name) && !(table.startsWith('bronze.') && origin.has(name)))
  if (extra.length) return [`columns that nobody expects: ${extra.join(', ')}`]
  const kinds = [...wanted].filter(([name, type]) => kindOf(type) !== kindOf(found.get(nameIn(name))) && !rounded.has(name))
  if (kinds.length) return kinds.map(([name, type]) => `column ${name} is ${found.get(nameIn(name))}, expected ${type}`)
  const names = [...wanted.keys()]
  const side = (file, columns, own) => `SELECT ${names.map(n => `${canonical(own(n), columns.get(own(n)))} AS ${ident(n)}`).join(', ')} FROM read_parquet(${quote(file)}, hive_partitioning=false)`
  await db.run(`CREATE OR REPLACE TEMP TABLE difference AS SELECT ${names.map(ident).join(', ')}, sum(side) AS surplus
    FROM (SELECT *, -1 AS side FROM (${side(expectedFile, wanted, n => n)}) UNION ALL SELECT *, 1 FROM (${side(actualFile, found, nameIn)})) GROUP BY ALL HAVING sum(side) <> 0`)
  const [{ lost, more }] = await db.rows('SELECT coalesce(-sum(surplus) FILTER (surplus < 0), 0)::BIGINT AS lost, coalesce(sum(surplus) FILTER (surplus > 0), 0)::BIGINT AS more FROM difference')
  if (lost === '0' && more === '0') return []
  const first = await db.rows(`SELECT * FROM difference ORDER BY ${names.map(ident).join(', ')}, surplus LIMIT 10`)
  return [`${lost} rows missing, ${more} rows too many`, ...first.map(({ surplus, ...row }) => `${surplus < 0 ? '- expected' : '+ actual  '} ${JSON.stringify(row)}`)]
}

const pairs = readdirSync(expected).filter(f => f.endsWith('.parquet') && f.startsWith(values.only)).sort()
if (!pairs.length) {
  console.error(`${expected}: no .parquet file starts with "${values.only}"`)
  process.exit(2)
}
let failed = 0
for (const file of pairs) {
  const table = file.slice(0, -'.parquet'.length), other = join(actual, file)
  const found = existsSync(other) ? await differences(table, join(expected, file), other) : [`${other} is missing`]
  const rows = existsSync(other) ? (await db.one(`SELECT count(*) AS n FROM read_parquet(${quote(other)})`)).n : 0
  console.log(`${found.length ? 'DIFFERS' : 'equal  '} ${table.padEnd(40)} ${rows} rows`)
  for (const text of found) console.log(`        ${text}`)
  if (found.length) failed++
}
console.log(failed ? `${failed} of ${pairs.length} tables differ` : `${pairs.length} tables equal`)
process.exitCode = failed ? 1 : 0
