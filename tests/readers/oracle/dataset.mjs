// The nine public files and the rules that a row must keep. What breaks a rule is set aside with its reason; the rest goes on.

import { createWriteStream, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { line, rows } from './csv.mjs'

const statuses = new Set(['created', 'approved', 'invoiced', 'processing', 'shipped', 'delivered', 'unavailable', 'canceled'])
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const rules = {
  id: v => v === '' ? 'is empty' : null,
  text: () => null,
  int: v => v === '' || /^-?\d{1,9}$/.test(v) ? null : 'is no whole number',
  zip: v => v === '' || /^\d{1,6}$/.test(v) ? null : 'is no zip code',
  money: v => v === '' || /^-?\d{1,8}(\.\d{1,2}0*)?$/.test(v) ? null : 'is no amount',
  degrees: v => /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(v) ? null : 'is no number',
  status: v => statuses.has(v) ? null : 'is no known status',
  time: v => v === '' || isTime(v) ? null : 'is no time',
}
const types = { id: 'VARCHAR', text: 'VARCHAR', int: 'INTEGER', zip: 'INTEGER', money: 'DECIMAL(10,2)', degrees: 'DOUBLE', status: 'VARCHAR', time: 'TIMESTAMP' }

function isTime(v) {
  const m = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(v)
  if (!m) return false
  const [year, month, day, hour, minute, second] = m.slice(1).map(Number)
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && leap ? 29 : monthDays[month - 1]
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60
}

/** Table name, file, columns with their rule, and the columns that may occur once only. */
export const files = [
  { table: 'orders', file: 'olist_orders_dataset.csv', unique: 0, columns: { order_id: 'id', customer_id: 'id', order_status: 'status', order_purchase_timestamp: 'time', order_approved_at: 'time', order_delivered_carrier_date: 'time', order_delivered_customer_date: 'time', order_estimated_delivery_date: 'time' } },
  { table: 'items', file: 'olist_order_items_dataset.csv', columns: { order_id: 'id', order_item_id: 'int', product_id: 'id', seller_id: 'id', shipping_limit_date: 'time', price: 'money', freight_value: 'money' } },
  { table: 'payments', file: 'olist_order_payments_dataset.csv', columns: { order_id: 'id', payment_sequential: 'int', payment_type: 'text', payment_installments: 'int', payment_value: 'money' } },
  { table: 'reviews', file: 'olist_order_reviews_dataset.csv', columns: { review_id: 'id', order_id: 'id', review_score: 'int', review_comment_title: 'text', review_comment_message: 'text', review_creation_date: 'time', review_answer_timestamp: 'time' } },
  { table: 'customers', file: 'olist_customers_dataset.csv', unique: 0, columns: { customer_id: 'id', customer_unique_id: 'text', customer_zip_code_prefix: 'zip', customer_city: 'text', customer_state: 'text' } },
  { table: 'sellers', file: 'olist_sellers_dataset.csv', unique: 0, columns: { seller_id: 'id', seller_zip_code_prefix: 'zip', seller_city: 'text', seller_state: 'text' } },
  { table: 'products', file: 'olist_products_dataset.csv', unique: 0, columns: { product_id: 'id', product_category_name: 'text', product_name_lenght: 'text', product_description_lenght: 'text', product_photos_qty: 'text', product_weight_g: 'int', product_length_cm: 'int', product_height_cm: 'int', product_width_cm: 'int' } },
  { table: 'locations', file: 'olist_geolocation_dataset.csv', columns: { geolocation_zip_code_prefix: 'zip', geolocation_lat: 'degrees', geolocation_lng: 'degrees', geolocation_city: 'text', geolocation_state: 'text' } },
  { table: 'translations', file: 'product_category_name_translation.csv', columns: { product_category_name: 'id', product_category_name_english: 'text' } },
]

/** Columns of a file for DuckDB: name and type. */
export const duckColumns = spec => '{' + Object.entries(spec.columns).map(([name, rule]) => `'${name}': '${types[rule]}'`).join(', ') + '}'

/** Why this row is set aside, or null. `seen` holds the ids of the good rows before it. */
function flaw(spec, row, seen) {
  const names = Object.keys(spec.columns)
  if (row.broken) return row.broken
  if (row.fields.length !== names.length) return `${row.fields.length} fields instead of ${names.length}`
  for (let i = 0; i < names.length; i++) {
    const why = rules[spec.columns[names[i]]](row.fields[i])
    if (why) return `${names[i]} ${why}: "${Buffer.from(row.fields[i], 'latin1')}"`
  }
  if (spec.unique === undefined) return null
  const id = row.fields[spec.unique]
  if (seen.has(id)) return `${names[spec.unique]} ${id} is there twice`
  seen.add(id)
  return null
}

/** Writes the good rows of one file to `target` as plain CSV; returns the rows set aside as {file, line, reason}. */
export async function clean(folder, spec, target) {
  const names = Object.keys(spec.columns), seen = new Set(), aside = []
  const out = createWriteStream(target, { encoding: 'latin1', highWaterMark: 1 << 20 })
  let pending = '', header = null
  for (const row of rows(readFileSync(join(folder, spec.file)))) {
    if (!header) {
      header = row.fields.join()
      if (header !== names.join()) throw new Error(`${spec.file}: the header is ${header}, expected ${names.join()}`)
    } else {
      const reason = flaw(spec, row, seen)
      if (reason) { aside.push({ file: spec.file, line: row.line, reason }); continue }
    }
    pending += line(row.fields)
    if (pending.length > 1 << 20) {
      if (!out.write(pending, 'latin1')) await once(out, 'drain')
      pending = ''
    }
  }
  if (!header) throw new Error(`${spec.file} is empty, expected the header ${names.join()}`)
  out.end(pending, 'latin1')
  await once(out, 'finish')
  return aside
}
