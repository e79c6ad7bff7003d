// node write-hyparquet-decimals.mjs FILE ROWS CREATED_BY ids|names: decimals as big-endian bytes, as Arrow and Hive store them, with page indexes; several pages to each row group of 400; the unscaled values on stdout as JSON.
// Columns, and their field ids where they get some: 1 fixed of 8 bytes (18 digits), 2 fixed of 4 (9 digits), 3 fixed of 16 (18 digits), 4 bytes of any length (18 digits), 5 fixed of 9 (20 digits), 6 INT64 (18 digits).
import { writeFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
const [file, rowText, createdBy, how] = process.argv.slice(2)
const rows = +rowText
// Rises from far below to far above zero, which it leaves out (of it this writer makes a value of no bytes, which others refuse); every seventh is null.
const at = (row, step) => (row % 7 === 3 ? null : BigInt(row - rows / 2) * step + BigInt(row % 5) + 1n)
const decimal = (precision, element) => ({ converted_type: 'DECIMAL', precision, scale: 2, ...element })
const fixed = length => ({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: length })
const columns = {
  fixed8: [decimal(18, fixed(8)), 1_000_003n],
  fixed4: [decimal(9, fixed(4)), 70_001n],
  fixed16: [decimal(18, fixed(16)), 1_000_003n],
  bytes: [decimal(18, { type: 'BYTE_ARRAY' }), 1_000_003n],
  fixed9: [decimal(20, fixed(9)), 10n ** 15n],
  number: [decimal(18, { type: 'INT64' }), 1_000_003n],
}
const columnData = Object.entries(columns).map(([name, [, step]]) => ({ name, data: Array.from({ length: rows }, (_, row) => at(row, step)), columnIndex: true, offsetIndex: true }))
const schema = [{ name: 'root', num_children: columnData.length }, ...Object.entries(columns).map(([name, [element]], i) => ({ name, repetition_type: 'OPTIONAL', ...(how === 'ids' && { field_id: i + 1 }), ...element }))]
writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData, schema, codec: 'UNCOMPRESSED', pageSize: 400, rowGroupSize: 400, createdBy })))
console.log(JSON.stringify(columnData.map(column => column.data.map(value => value === null ? null : String(value)))))
