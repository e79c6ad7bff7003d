// node check-filters.mjs FILE: asks DuckDB and hyparquet for rows by value, with everything they use to skip row groups and pages
// (statistics, page index, bloom filters, dictionaries), and compares with the same question to rows that were read before.
import { asyncBufferFromFile, parquetMetadataAsync, parquetQuery } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { connect } from './duckdb.mjs'
const path = process.argv[2]
const connection = await connect()
const rowsOf = async sql => (await connection.runAndReadAll(sql)).getRowObjectsJson()
await connection.run(`create table t as select * from read_parquet('${path}')`)
const columns = await rowsOf(`select column_name as name, column_type as type from (describe t)`)
const mismatches = []
let asked = 0, probes = 0, excludedPresent = 0, excludedAbsent = 0
for (const { name, type } of columns) {
  const shown = type === 'BLOB' ? `hex("${name}")` : `"${name}"::VARCHAR`
  const literals = (await rowsOf(`select distinct ${shown} v from t where "${name}" is not null order by hash(v) limit 6`)).map(row => row.v)
  for (const literal of literals) {
    const value = type === 'BLOB' ? `from_hex('${literal}')` : `$$${literal}$$::${type}`
    for (const op of ['=', '<', '>=']) {
      const where = `where "${name}" ${op} ${value}`
      const [[a], [b]] = [await rowsOf(`select count(*)::INTEGER n from read_parquet('${path}') ${where}`), await rowsOf(`select count(*)::INTEGER n from t ${where}`)]
      asked++
      if (a.n !== b.n) mismatches.push(`${where}: ${a.n} with pruning, ${b.n} without`)
    }
    // The probe of DuckDB 1.5 excludes every decimal, in its own files too; its filters leave decimals alone.
    if (type === 'BOOLEAN' || type === 'BLOB' || type.startsWith('DECIMAL')) continue
    const probe = async v => (await rowsOf(`select bloom_filter_excludes x from parquet_bloom_probe('${path}', '${name}', ${v})`)).map(row => row.x)
    const groups = await probe(value)
    probes += groups.length
    if (groups.length && groups.every(x => x)) excludedPresent++
  }
  if (type === 'VARCHAR' || type === 'BIGINT') {
    for (let i = 0; i < 20; i++) {
      const excluded = (await rowsOf(`select bloom_filter_excludes x from parquet_bloom_probe('${path}', '${name}', ${type === 'BIGINT' ? 123456789000 + i : `'no such value ${i}'`})`)).map(row => row.x)
      excludedAbsent += excluded.filter(x => x).length
    }
  }
}
// hyparquet: equality and ranges on whole numbers and text, by page index.
const file = await asyncBufferFromFile(path)
const metadata = await parquetMetadataAsync(file)
const plain = columns.filter(({ type }) => ['INTEGER', 'BIGINT', 'VARCHAR'].includes(type))
const all = await parquetQuery({ file, metadata, compressors })
for (const { name } of plain) {
  const values = all.map(row => row[name]).filter(v => v !== null && v !== undefined)
  for (const value of [values[0], values[values.length >> 1], values.at(-1)]) {
    if (value === undefined) continue
    for (const [op, test] of [['$eq', v => v === value], ['$gt', v => v > value]]) {
      const found = await parquetQuery({ file, metadata, compressors, filter: { [name]: { [op]: value } } })
      const expected = values.filter(test).length
      asked++
      if (found.length !== expected) mismatches.push(`hyparquet ${name} ${op} ${value}: ${found.length}, not ${expected}`)
    }
  }
}
const chunks = metadata.row_groups.flatMap(group => group.columns)
console.log(JSON.stringify({
  asked, mismatches, probes, excludedPresent, excludedAbsent,
  withColumnIndex: chunks.filter(c => c.column_index_offset !== undefined).length,
  withOffsetIndex: chunks.filter(c => c.offset_index_offset !== undefined).length,
  withBloom: chunks.filter(c => c.meta_data.bloom_filter_offset !== undefined).length,
  chunks: chunks.length,
}))
