// node stream-equals-gold.mjs EXPORTED_DIR [GOLD_DIR]
// The stream tables hold what the gold tables hold, row for row, by the event clock: instants and closed stages are the same; a stage that is open
// has in stream the days so far, which are computed here from gold alone: null in gold, days from its beginning to the latest thing that happened anywhere.
// EXPORTED_DIR has stream.<table>.parquet; GOLD_DIR (default: the same) gold.<table>.parquet.
import { openDuckDB, quote } from './duckdb.mjs'
import { join } from 'node:path'

const [exported, golden = exported] = process.argv.slice(2)
if (!exported) {
  console.error('usage: node stream-equals-gold.mjs EXPORTED_DIR [GOLD_DIR]')
  process.exit(2)
}
const db = await openDuckDB()
const file = (dir, table) => `read_parquet(${quote(join(dir, `${table}.parquet`))}, hive_partitioning=false)`
const gold = file(golden, 'gold.fact_order_lead_days')
const now = `(SELECT max(greatest(purchase, approve, delivered_carrier, delivered_customer)) FROM ${gold})`
const open = (column, from, ...closers) => `CASE WHEN ${from} IS NOT NULL AND ${closers.map(c => `${c} IS NULL`).join(' AND ')} THEN datediff('day', ${from}, ${now}) ELSE ${column} END AS ${column}`
const expected = {
  fact_order_lead_days: `SELECT * REPLACE (
    ${open('purchase_to_approval_days', 'purchase', 'approve', 'delivered_carrier', 'delivered_customer')},
    ${open('approval_to_carrier_days', 'approve', 'delivered_carrier', 'delivered_customer')},
    ${open('carrier_to_customer_days', 'delivered_carrier', 'delivered_customer')},
    ${open('carrier_delivery_delay_days', 'shipping_limit', 'delivered_carrier', 'delivered_customer')},
    ${open('customer_delivery_delay_days', 'estimated_delivery', 'delivered_customer')}) FROM ${gold}`,
  fact_order_detail: `SELECT * FROM ${file(golden, 'gold.fact_order_detail')}`,
  dim_user_location: `SELECT * FROM ${file(golden, 'gold.dim_user_location')}`,
}
let failed = 0
for (const [table, query] of Object.entries(expected)) {
  const actual = `SELECT * FROM ${file(exported, `stream.${table}`)}`
  const [{ rows, lost, more }] = await db.rows(`SELECT (SELECT count(*) FROM (${query})) AS rows, (SELECT count(*) FROM ((${query}) EXCEPT ALL (${actual}))) AS lost, (SELECT count(*) FROM ((${actual}) EXCEPT ALL (${query}))) AS more`)
  const equal = String(lost) === '0' && String(more) === '0' && String(rows) !== '0'
  console.log(`${equal ? 'ok    ' : 'DIFFER'} stream.${table}: ${rows} rows${equal ? '' : `, ${lost} missing or different, ${more} too many or different`}`)
  if (!equal) failed++
}
process.exit(failed ? 1 : 0)
