// node write-duckdb.mjs FILE CODEC VERSION ROWS: a file with a column of every kind, written by DuckDB; what is in it on stdout
import { connect, dump } from './duckdb.mjs'
const [file, codec, version, rows] = process.argv.slice(2)
const connection = await connect()
const h = salt => `hash(i * 31 + ${salt})`
const nullable = (salt, sql) => `case when ${h(salt)} % 5 = 0 then null else ${sql} end`
const int = (salt, span) => `(${h(salt)} % ${span})::BIGINT`
const columns = {
  flag: `${h(1)} % 3 = 0`,
  tiny: nullable(2, `(${int(3, 200)} - 100)::TINYINT`),
  small: nullable(4, `(${int(5, 60000)} - 30000)::SMALLINT`),
  int: nullable(6, `(${int(7, 4000000000)} - 2000000000)::INTEGER`),
  long: nullable(8, `${int(9, 9000000000000000)} - 4000000000000000`),
  utiny: `${int(10, 256)}::UTINYINT`,
  uint: nullable(11, `${int(12, 4294967296)}::UINTEGER`),
  float: nullable(13, `(${int(14, 1000000)} / 777)::FLOAT`),
  double: nullable(15, `${int(16, 1000000)} / 777.0::DOUBLE`),
  few_doubles: `(${int(17, 7)} / 3.0)::DOUBLE`,
  day: nullable(18, `DATE '1969-06-01' + ${int(19, 30000)}::INTEGER`),
  time: nullable(20, `TIME '00:00:00' + to_microseconds(${int(21, 86400000000)})`),
  ts: nullable(22, `make_timestamp(${int(23, 4000000000000000)} - 1000000000000000)`),
  ts_sorted: `make_timestamp(1500000000000000 + i * 1000000)`,
  ts_utc: nullable(24, `make_timestamp(${int(25, 4000000000000000)})::TIMESTAMPTZ`),
  ts_ms: nullable(26, `make_timestamp_ms(${int(27, 4000000000000)} - 1000000000000)::TIMESTAMP_MS`),
  ts_ns: nullable(28, `make_timestamp_ns(${int(29, 4000000000000000000)} - 1000000000000000000)`),
  text: nullable(30, `'value ' || (${h(31)} % 1000000) || case when ${h(32)} % 9 = 0 then ' ação 🚚' else '' end`),
  few_texts: nullable(33, `['toys', 'health_beauty', '', 'garden_tools'][(${h(34)} % 4)::INTEGER + 1]`),
  id: `md5(i::VARCHAR)`,
  blob: nullable(35, `unhex(md5((${h(36)} % 5000)::VARCHAR))`),
  uuid: nullable(37, `md5((${h(38)})::VARCHAR)::UUID`),
  money: nullable(39, `(${int(40, 1000000)} / 100)::DECIMAL(10, 2)`),
  small_money: `((${int(41, 10000)} - 5000) / 100)::DECIMAL(4, 2)`,
  wide: nullable(42, `(${int(43, 1000000000000)} - 500000000000)::DECIMAL(38, 3) * 1000000007`),
  all_null: `null::INTEGER`,
}
const list = Object.entries(columns).map(([name, sql]) => `${sql} as "${name}"`).join(', ')
await connection.run(`create table t as select ${list} from range(${rows}) r(i)`)
// Columns that the reader must step over.
await connection.run(`create table s as select *, [1, 2]::INTEGER[] as a_list, {'a': 1, 'b': 'x'} as a_struct, 18446744073709551615::UBIGINT as a_ubigint, long as last from t`)
await connection.run(`copy s to '${file}' (format parquet, codec '${codec}', parquet_version '${version}', row_group_size 4096)`)
console.log(JSON.stringify({ names: Object.keys(columns), ...(await dump(connection, 'select * from t')) }))
