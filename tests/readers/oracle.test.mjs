// The judges are judged first: a proof that can't fail proves nothing.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { files } from './oracle/dataset.mjs'
import { rows } from './oracle/csv.mjs'
import { openDuckDB, quote } from './duckdb.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const sample = process.env.OLIST_SAMPLE_DATASET || join(here, '../../../shared/olist')
const noSample = existsSync(join(sample, files[0].file)) ? false : `no sample dataset at ${sample}`
const work = mkdtempSync(join(tmpdir(), 'olist-judges-'))
after(() => rmSync(work, { recursive: true, force: true }))

const node = (script, ...args) => spawnSync(process.execPath, [join(here, script), ...args], { encoding: 'utf8' })
const parse = text => [...rows(Buffer.from(text, 'latin1'))].map(r => [r.line, r.fields.join('|'), r.broken])

test('Rows know the line they start on, quotes hold newlines, blank lines are no rows', () =>
  assert.deepEqual(parse('\xef\xbb\xbfa,b\r\n"x\r\ny","q""q"\r\n\r\nlast,\n\n'), [[1, 'a|b', null], [2, 'x\r\ny|q"q', null], [5, 'last|', null]]))

test('Text after a closing quote breaks its own row only', () =>
  assert.deepEqual(parse('a,b\n"x "y" z",1\nok,sao "paulo\n'), [[1, 'a|b', null], [2, 'x |1', 'text after a closing quote'], [3, 'ok|sao "paulo', null]]))

test('Bytes that are no UTF-8 break their own row only', () =>
  assert.deepEqual(parse('a\nb\xff\nc\xc3\xa3\n').map(r => r[2]), [null, 'not UTF-8', null]))

/** A small dataset with one of each oddity. */
function smallDataset(folder) {
  const lines = {
    orders: ['o1,c1,delivered,2018-01-01 10:00:00,2018-01-02 10:00:00,2018-01-03 00:00:00,2018-01-05 23:59:59,2018-01-04 00:00:00', 'o2,c2,created,2018-01-01 10:00:00,,,,2018-01-09 00:00:00', 'o3,c3,lost,2018-01-01 10:00:00,,,,', 'o4,c4,created,2018-02-30 10:00:00,,,,', 'o1,c1,created,2018-01-01 10:00:00,,,,'],
    items: ['o1,1,p1,s1,2018-01-02 00:00:00,10.00,1.50', 'o1,2,p1,s1,2018-01-02 00:00:00,10.00,1.50', 'o2,1,p9,s1,2018-01-04 00:00:00,ten,1', 'o2,2,p9,s1,2018-01-04 00:00:00,7.5,1', 'o3,1,p1,s1,2018-01-02 00:00:00,1,1'],
    payments: ['o1,2,voucher,1,5.00', 'o1,1,credit_card,1,15.00'],
    reviews: ['r1,o1,1,,"  muito\r\n\trui\u0301m  ",2018-01-06 00:00:00,2018-01-08 12:00:00'],
    customers: ['c1,u1,01001,sao paulo,SP', 'c2,u2,99999,nowhere,XX'],
    sellers: ['s1,02002,sao paulo,SP'],
    products: ['p1,pc_gamer,1,1,1,100,1,1,1'],
    locations: ['1001,-23.5,-46.5,sao paulo,SP', '1001,-23.7,-46.7,sao paulo,SP', '2002,40.0,-8.0,lisboa,PT'],
    translations: ['beleza_saude,health_beauty'],
  }
  mkdirSync(folder, { recursive: true })
  for (const spec of files) writeFileSync(join(folder, spec.file), [Object.keys(spec.columns).join(), ...lines[spec.table]].join('\n') + '\n')
}

test('The oracle keeps the rules of a dataset with one of each oddity', async () => {
  const dataset = join(work, 'small'), out = join(work, 'small-out')
  smallDataset(dataset)
  assert.equal(node('oracle.mjs', dataset, out).status, 0)
  const db = await openDuckDB(), of = t => db.rows(`FROM read_parquet(${quote(join(out, t + '.parquet'))}) ORDER BY ALL`)
  assert.deepEqual(JSON.parse(readFileSync(join(out, 'set-aside.json'))).map(r => `${r.file.split('_')[1]}:${r.line}`), ['orders:4', 'orders:5', 'orders:6', 'order:4'])
  assert.deepEqual(await of('bronze.payment').then(r => r.map(p => [p.payment_sequential, p.timestamp])), [[1, '2018-01-01 09:59:30'], [2, '2018-01-01 10:00:00']])
  assert.deepEqual(await of('silver.product_metadata'), [{ product_id: 'p1', seller_id: 's1', category: 'gaming_pc' }])
  assert.deepEqual(await of('gold.fact_order_detail').then(r => r.map(d => [d.order_id, d.category, d.quantity, d.customer_id])), [['o1', 'gaming_pc', '2', 'c1'], ['o2', 'unknown', '1', null]])
  assert.deepEqual(await of('gold.dim_user_location').then(r => r.map(d => d.user_id)), ['c1'])
  assert.deepEqual(await of('silver.review_clean_comment').then(r => r.map(d => d.text)), ['muito ruím'])
  assert.deepEqual(await of('gold.fact_order_lead_days').then(r => r.map(d => d.customer_delivery_delay_days)), ['1', null])
  assert.deepEqual(await of('gold.fact_monthly_sales_by_product').then(r => r.map(d => [d.total_sales_amount, d.group])), [['20.00', 'Niche Gems']])
})

test('The comparison finds a row too many, a cent, a microsecond, a missing table and a missing column', async () => {
  const left = join(work, 'left'), right = join(work, 'right'), db = await openDuckDB()
  const table = (folder, name, sql) => { mkdirSync(folder, { recursive: true }); return db.run(`COPY (${sql}) TO ${quote(join(folder, name + '.parquet'))} (FORMAT parquet)`) }
  const base = `SELECT 1::BIGINT AS n, 10.10::DECIMAL(10,2) AS price, TIMESTAMP '2018-01-01 00:00:00' AS at, -23.00001 AS lat, NULL::VARCHAR AS name`
  await table(left, 'gold.t', base)
  const judge = async (sql, name = 'gold.t') => { rmSync(right, { recursive: true, force: true }); await table(right, name, sql); return node('compare.mjs', left, right) }
  assert.equal((await judge(base)).status, 0)
  assert.equal((await judge(base.replace("TIMESTAMP '2018-01-01 00:00:00'", "TIMESTAMPTZ '2018-01-01 00:00:00+00'").replace('-23.00001', '-23.000012').replace('DECIMAL(10,2)', 'DECIMAL(18,2)'))).status, 0)
  for (const wrong of [`${base} UNION ALL ${base}`, base.replace('10.10', '10.11'), base.replace("00:00'", "00:00.000001'"), base.replace('-23.00001', '-23.0002'), base.replace('NULL::VARCHAR', "''"),
    base.replace(' AS name', ' AS names'), `${base}, 1 AS more`, base.replace('10.10::DECIMAL(10,2)', '10.10::DOUBLE'), `${base} LIMIT 0`])
    assert.equal((await judge(wrong)).status, 1, wrong)
  assert.equal((await judge(base, 'gold.other')).status, 1)
})

test('The oracle agrees with the ground truth of the sample, row by row', { skip: noSample || (existsSync(sample + '-truth') ? false : 'no ground truth beside the sample') }, () => {
  const out = join(work, 'sample'), truth = join(work, 'truth')
  execFileSync(process.execPath, [join(here, 'oracle.mjs'), sample, out])
  mkdirSync(truth)
  for (const t of ['customer_order', 'order_event', 'product_metadata']) cpSync(join(sample + '-truth', t + '.parquet'), join(truth, `silver.${t}.parquet`))
  for (const t of ['dim_user_location', 'fact_monthly_sales_by_product', 'fact_order_detail', 'fact_order_lead_days', 'fact_review_answer_lead_days'])
    cpSync(join(sample + '-truth', t + '.parquet'), join(truth, `gold.${t}.parquet`))
  const said = node('compare.mjs', truth, out, '--also-named', 'silver.order_event.timestamp=ts')
  assert.equal(said.status, 0, said.stdout + said.stderr)
})

test('The oracle reaches every total that is known of the sample', { skip: noSample }, async () => {
  const out = join(work, 'totals')
  execFileSync(process.execPath, [join(here, 'oracle.mjs'), sample, out])
  const counts = JSON.parse(readFileSync(join(out, 'counts.json')))
  const expected = { order_status: 27647, payment: 8924, order_item: 8365, product: 7606, seller: 7433, customer: 8135, geolocation: 15515, estimated_delivery_date: 7989, review: 8225 }
  for (const [topic, n] of Object.entries(expected)) assert.equal(counts[`bronze.${topic}`], n, topic)
  const db = await openDuckDB(), from = t => `read_parquet(${quote(join(out, t + '.parquet'))})`, sales = from('gold.fact_monthly_sales_by_product'), days = from('gold.fact_order_lead_days')
  const list = async sql => (await db.rows(sql)).map(r => Object.values(r).join(' '))
  assert.deepEqual(await list(`SELECT status, count(*) FROM ${from('bronze.order_status')} GROUP BY 1 ORDER BY 1`), ['approved 7989', 'delivered_carrier 6353', 'delivered_customer 5170', 'purchase 8135'])
  assert.deepEqual(await list(`SELECT sum(total_sales_amount)::DECIMAL(18,2), sum(total_sales_quantity) FROM ${sales}`), ['722515.76 5911'])
  assert.deepEqual(await list(`SELECT "group", count(*), sum(total_sales_amount)::DECIMAL(18,2) FROM ${sales} GROUP BY 1 ORDER BY 1`), ['Niche Gems 2736 503932.64', 'Question Marks 1629 74845.14', 'Star Products 319 111325.14', 'Volume Drivers 288 32412.84'])
  assert.deepEqual(await list(`SELECT category, sum(total_sales_amount)::DECIMAL(18,2) FROM ${sales} GROUP BY 1 ORDER BY 2 DESC LIMIT 5`), ['health_beauty 66348.04', 'watches_gifts 64189.97', 'sports_leisure 58928.59', 'bed_bath_table 53914.22', 'computers_accessories 46286.44'])
  assert.deepEqual(await list(`SELECT sales_period, sum(total_sales_quantity), sum(total_sales_amount)::DECIMAL(18,2) FROM ${sales} WHERE sales_period IN ('2016-10', '2018-04', '2018-08') GROUP BY 1 ORDER BY 1`), ['2016-10 14 2295.06', '2018-04 486 65053.16', '2018-08 492 60542.34'])
  assert.deepEqual(await list(`SELECT ${['purchase_to_approval', 'approval_to_carrier', 'carrier_to_customer', 'carrier_delivery_delay', 'customer_delivery_delay'].map(c => `printf('%.4f', avg(${c}_days))`).join()} FROM ${days}`), ['0.5832 2.8064 9.2337 -3.5916 -12.0035'])
  assert.deepEqual(await list(`SELECT count(*) FILTER (customer_delivery_delay_days > 0), count(*) FILTER (delivered_customer IS NULL) FROM ${days}`), ['343 2965'])
  assert.deepEqual(await list(`SELECT review_score, printf('%.2f', 100.0 * count(*) FILTER (customer_delivery_delay_days > 0) / count(*)) FROM ${from('gold.fact_review_answer_lead_days')} JOIN ${days} USING (order_id)
    WHERE delivered_customer IS NOT NULL GROUP BY 1 ORDER BY 1`), ['1 35.75', '2 21.60', '3 7.78', '4 3.22', '5 1.66'])
})
