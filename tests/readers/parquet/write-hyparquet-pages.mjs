// node write-hyparquet-pages.mjs FILE ROWS: a file with page indexes and data pages v2, written by hyparquet-writer: sorted, unsorted, dictionary-coded and null-ridden columns; the rows on stdout as JSON
import { writeFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
const [file, rows] = process.argv.slice(2)
const at = Array.from({ length: Number(rows) }, (_, i) => i)
const mixed = i => Number((BigInt(i) * 2654435761n) % 100003n)
const columns = {
  sorted: ['INT64', at.map(i => BigInt(i))],
  mixed: ['INT32', at.map(i => i % 7 === 0 ? null : mixed(i))],
  text: ['STRING', at.map(i => i % 5 === 0 ? null : `value ${String(i).padStart(8, '0')}`)],
  few: ['STRING', at.map(i => ['toys', 'health', 'garden'][mixed(i) % 3])],
  gaps: ['INT32', at.map(i => i % 3000 < 1500 ? null : i)],
  flag: ['BOOLEAN', at.map(i => mixed(i) % 2 === 0)],
}
const columnData = Object.entries(columns).map(([name, [type, data]]) => ({ name, data, type, nullable: data.includes(null), columnIndex: true, offsetIndex: true }))
writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData, pageSize: 4000, rowGroupSize: 7000 })))
const spell = value => value === null ? null : value === true ? '1' : value === false ? '0' : typeof value === 'string' ? 'x' + Buffer.from(value).toString('hex').toUpperCase() : String(value)
console.log(JSON.stringify({ names: Object.keys(columns), columns: Object.values(columns).map(([, data]) => data.map(spell)) }))
