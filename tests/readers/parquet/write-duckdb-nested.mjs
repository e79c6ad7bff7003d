// node write-duckdb-nested.mjs FILE CODEC VERSION ROWS: nested columns and the types that DuckDB alone has, written by DuckDB; what is in them on stdout
import { connect, dump } from './duckdb.mjs'
const [file, codec, version, rows] = process.argv.slice(2)
const connection = await connect()
const h = salt => `(hash(i * 31 + ${salt}) % 1000003)::BIGINT`
const nullable = (salt, sql) => `case when ${h(salt)} % 4 = 0 then null else ${sql} end`
/** A list of up to four items, null or empty often; x is the number of the item. */
const list = (salt, item) => nullable(salt, `list_transform(range(${h(salt + 1)} % 5), lambda x: ${item})`)
const item = (salt, sql) => `case when hash(i * 7 + x * 13 + ${salt}) % 5 = 0 then null else ${sql} end`
const n = '(hash(i + x * 1009) % 2000)::BIGINT - 1000'
const leaves = {
  flag: `(${n}) % 2 = 0`,
  tiny: `((${n}) % 128)::TINYINT`,
  small: `(${n})::SMALLINT`,
  int: `(${n})::INTEGER`,
  long: `(${n}) * 1000000000000`,
  utiny: `((${n} + 1000) % 256)::UTINYINT`,
  usmall: `((${n} + 1000) * 30)::USMALLINT`,
  uint: `((${n} + 1000) * 2000000)::UINTEGER`,
  float: `((${n}) / 7)::FLOAT`,
  double: `((${n}) / 7)::DOUBLE`,
  day: `DATE '1970-01-01' + (${n})::INTEGER`,
  time: `TIME '00:00:00' + to_microseconds((${n} + 1000) * 1000001)`,
  ts: `make_timestamp((${n}) * 1000000000001)`,
  ts_utc: `make_timestamp((${n}) * 1000000000001)::TIMESTAMPTZ`,
  ts_s: `make_timestamp((${n}) * 1000000)::TIMESTAMP_S`,
  ts_ms: `make_timestamp((${n}) * 1000000)::TIMESTAMP_MS`,
  ts_ns: `make_timestamp_ns((${n}) * 1000000000001)`,
  text: `'text ' || (${n})::VARCHAR || ' 🚚'`,
  mood: `(['sad', 'ok', 'happy'][(${n}) % 3 + 1])::mood`,
  blob: `unhex(md5((${n})::VARCHAR))`,
  uuid: `md5((${n})::VARCHAR)::UUID`,
  money: `((${n}) / 100)::DECIMAL(9, 2)`,
  more_money: `((${n}) / 100)::DECIMAL(18, 4)`,
  wide: `(${n})::DECIMAL(38, 3) * 1000000007`,
  json: `('{"n":' || (${n})::VARCHAR || '}')::JSON`,
}
const columns = { first: 'i' }
Object.entries(leaves).forEach(([name, sql], at) => { columns[`list_${name}`] = list(100 + 10 * at, item(at, sql)) })
const some = Object.entries(leaves).map(([name, sql], at) => `'${name}': ${item(at + 50, sql)}`).join(', ')
Object.assign(columns, {
  structs: `(select ${nullable(1, `{${some}}`)} from (select 1 as x))`,
  required_like: `{'a': i, 'b': {'c': i + 1}}`,
  middle: 'i * 2',
  lists_of_lists: list(2, item(3, `list_transform(range(x % 3), lambda y: case when y = 1 then null else y + i end)`)),
  list_of_struct: list(4, item(5, `{'n': ${item(6, n)}, 'words': case when x % 3 = 0 then null else list_transform(range(x), lambda y: 'w' || y) end}`)),
  map_of_ints: nullable(7, `map_from_entries(list_transform(range(${h(8)} % 4), lambda x: {'k': 'key ' || x, 'v': ${item(9, n)}}))`),
  map_of_lists: nullable(10, `map_from_entries(list_transform(range(${h(11)} % 4), lambda x: {'k': x::INTEGER, 'v': ${item(12, `list_transform(range(x), lambda y: {'z': y, 'm': map {y: 'v'}})`)}}))`),
  struct_of_maps: nullable(13, `{'m': map {'a': i, 'b': null}, 's': {'t': ${nullable(14, `{'u': [i, null]}`)}}}`),
  arrays: `[i, i + 1, null]::BIGINT[3]`,
  huge: nullable(16, 'i::HUGEINT * 3'),
  last: 'i * 3',
})
await connection.run(`create type mood as enum ('sad', 'ok', 'happy')`)
await connection.run(`create table t as select ${Object.entries(columns).map(([name, sql]) => `${sql} as "${name}"`).join(', ')} from range(${rows}) r(i)`)
// Without a type of Iceberg: refused one by one.
await connection.run(`create table s as select *, [18446744073709551615::UBIGINT] as ulongs, {'a': 1, 'b': 2::UBIGINT} as half_readable, interval 3 days as period, [interval 3 days] as periods from t`)
await connection.run(`copy s to '${file}' (format parquet, codec '${codec}', parquet_version '${version}', row_group_size 4096, field_ids 'auto')`)
console.log(JSON.stringify({ names: Object.keys(columns), ...(await dump(connection, 'select * replace (huge::DOUBLE as huge) from t')) }))
