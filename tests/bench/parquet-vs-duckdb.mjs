// node parquet-vs-duckdb.mjs BENCHMARK_ASSEMBLY WORK ROWS ROUNDS: see parquet-vs-duckdb.sh, which sets it up
//
// Ours: a process that is asked by lines. DuckDB: in this process, two threads, its rows in a table in memory.
//   write   both from rows in memory to one Snappy file on disk, nothing synced; ours with page index, checksums and no bloom filter, DuckDB's with its defaults
//   scan    both compute count and (text) sum of lengths and largest value, (numbers) smallest, largest and sum of every column, from their own file;
//           ours through an Iceberg table of one append (metadata, manifests and all), DuckDB with read_parquet. The results are compared.
//   filter  the same of two columns, for the rows within a range of a third

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { statSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { cpus } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [exe, work, rowsText, roundsText] = process.argv.slice(2)
const rows = Number(rowsText), rounds = Number(roundsText)
const require = createRequire(join(dirname(fileURLToPath(import.meta.url)), '../readers/package.json'))
const { DuckDBInstance } = await import(pathToFileURL(require.resolve('@duckdb/node-api')).href)
const db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
await db.run(`SET TimeZone = 'UTC'`)

const text = name => `count("${name}") || ',' || coalesce(sum(strlen("${name}")), 0) || ',' || coalesce(max("${name}"), '')`
const number = (name, as = n => n) => `count("${name}") || ',' || ${as(`min("${name}")`)} || ',' || ${as(`max("${name}")`)} || ',' || ${as === micros ? `sum(epoch_us("${name}"))` : as(`sum("${name}")`)}`
const micros = x => `epoch_us(${x})`
const cents = x => `((${x}) * 100)::HUGEINT`
const time = name => number(name, micros), money = name => number(name, cents)
const tables = {
  fact_order_lead_days: {
    columns: {
      order_id: text,
      ...Object.fromEntries(['purchase', 'approve', 'delivered_carrier', 'delivered_customer', 'shipping_limit', 'estimated_delivery'].map(n => [n, time])),
      ...Object.fromEntries(['purchase_to_approval_days', 'approval_to_carrier_days', 'carrier_to_customer_days', 'carrier_delivery_delay_days', 'customer_delivery_delay_days'].map(n => [n, number])),
    },
    // One month of 25, by the time of purchase, which the rows more or less follow.
    filter: { columns: ['order_id', 'customer_delivery_delay_days'], by: 'purchase', from: 1_500_000_000_000_000, to: 1_502_592_000_000_000, plain: `purchase between make_timestamptz(1500000000000000) and make_timestamptz(1502592000000000)` },
  },
  order_item: {
    columns: { order_id: text, order_item_id: n => number(n), shipping_limit_date: time, price: money, freight_value: money, product_id: text, seller_id: text },
    // The dearest pieces, which are anywhere.
    filter: { columns: ['product_id', 'freight_value'], by: 'price', from: 55_000, to: 60_000, plain: `price between 550 and 600` },
  },
}

const child = spawn('dotnet', ['exec', exe, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
async function ours(...request) {
  child.stdin.write(JSON.stringify(request) + '\n')
  const { value, done } = await lines.next()
  if (done) throw new Error(`the benchmark process ended during ${request}`)
  return JSON.parse(value)
}
async function theirs(sql, read) {
  const cpu = process.cpuUsage(), started = performance.now()
  const result = await db.runAndReadAll(sql)
  const seconds = (performance.now() - started) / 1000, used = process.cpuUsage(cpu)
  return { seconds, cpuSeconds: (used.user + used.system) / 1e6, result: read ? read(result.getRows()) : undefined }
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)]
const bars = { write: 1.5, size: 1.05, scan: 2, filter: 2 }
let missed = false
function report(table, what, a, b) {
  const ratio = median(a.map(r => r.seconds)) / median(b.map(r => r.seconds)), cpu = median(a.map(r => r.cpuSeconds)) / median(b.map(r => r.cpuSeconds))
  missed ||= ratio > bars[what]
  console.log(`${table.padEnd(22)} ${what.padEnd(7)} ours ${median(a.map(r => r.seconds)).toFixed(3)} s  DuckDB ${median(b.map(r => r.seconds)).toFixed(3)} s  ratio ${ratio.toFixed(2)} (bar ${bars[what]})` +
    `  CPU ${median(a.map(r => r.cpuSeconds)).toFixed(2)} / ${median(b.map(r => r.cpuSeconds)).toFixed(2)} s = ${cpu.toFixed(2)}  allocated ${(median(a.map(r => r.allocatedBytes)) / rows).toFixed(0)} B per row`)
}

console.log(`${rows} rows, ${rounds} rounds, ${cpus().length} cores (${cpus()[0].model.trim()}), DuckDB ${(await db.runAndReadAll('select version()')).getRows()[0][0]} with 2 threads`)
for (const [table, { columns, filter }] of Object.entries(tables)) {
  await ours('make', table, rows, 1, work)
  const own = join(work, `${table}.ours.parquet`), other = join(work, `${table}.duckdb.parquet`)
  await db.run(`create or replace table t as from read_parquet('${own}')`)
  const all = file => `select count(*) || ' ' || ${Object.entries(columns).map(([n, f]) => f(n)).join(` || ' ' || `)} from read_parquet('${file}')`
  const some = file => `select count(*) || ' ' || ${filter.columns.map(n => columns[n](n)).join(` || ' ' || `)} from read_parquet('${file}') where ${filter.plain}`
  const runs = { write: [[], []], scan: [[], []], filter: [[], []] }
  for (let round = -2; round < rounds; round++) {
    const pairs = {
      write: [await ours('write'), await theirs(`copy t to '${other}' (format parquet, compression snappy)`)],
      scan: [await ours('scan'), await theirs(all(other), r => r[0][0])],
      filter: [await ours('filter', filter.columns, filter.by, filter.from, filter.to), await theirs(some(other), r => r[0][0])],
    }
    for (const what of ['scan', 'filter'])
      if (pairs[what][0].result !== pairs[what][1].result) throw new Error(`${table} ${what}: the two sides found different rows:\n${pairs[what][0].result}\n${pairs[what][1].result}`)
    // The first two rounds warm both up.
    if (round >= 0) for (const what of Object.keys(runs)) pairs[what].forEach((r, side) => runs[what][side].push(r))
  }
  const sizes = [own, other].map(f => statSync(f).size)
  report(table, 'write', ...runs.write)
  missed ||= sizes[0] / sizes[1] > bars.size
  console.log(`${table.padEnd(22)} size    ours ${(sizes[0] / 2 ** 20).toFixed(2)} MiB  DuckDB ${(sizes[1] / 2 ** 20).toFixed(2)} MiB  ratio ${(sizes[0] / sizes[1]).toFixed(3)} (bar ${bars.size})`)
  report(table, 'scan', ...runs.scan)
  report(table, 'filter', ...runs.filter)
}
child.stdin.end()
process.exitCode = missed ? 1 : 0
