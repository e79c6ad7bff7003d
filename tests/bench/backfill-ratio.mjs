// node backfill-ratio.mjs CLI_ASSEMBLY DATASET WORK ROUNDS: see backfill-ratio.sh, which sets it up

import { spawn } from 'node:child_process'
import { readFileSync, rmSync, statSync, readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [cli, dataset, work, rounds] = process.argv.slice(2)
const baseline = join(dirname(fileURLToPath(import.meta.url)), '../readers/duckdb-baseline.mjs')
const wantedRatio = 8, wantedBytes = 1.5 * 2 ** 30

/** Runs a command to its end: {seconds, peakBytes, output}. The peak is the kernel's own high-water mark, looked at until the end. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = '', errors = '', peakBytes = 0
    const look = () => {
      try {
        peakBytes = Math.max(peakBytes, Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024)
      } catch { /* it has ended between two looks */ }
    }
    const timer = setInterval(look, 20)
    child.stdout.on('data', text => { output += text })
    child.stderr.on('data', text => { errors += text })
    child.on('error', reject)
    child.on('close', code => {
      clearInterval(timer)
      const seconds = (performance.now() - started) / 1000
      if (code === 0) resolve({ seconds, peakBytes, output })
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}\n${errors}${output}`))
    })
  })
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)]
const mib = bytes => `${(bytes / 2 ** 20).toFixed(0)} MiB`

async function backfill() {
  const lake = join(work, 'lake')
  for (const path of [lake, `${lake}.state`]) rmSync(path, { recursive: true, force: true })
  const result = await run('dotnet', ['exec', cli, 'backfill', '--dataset', dataset, '--lake', lake, '--json'])
  return { ...result, said: JSON.parse(result.output) }
}
const duckdb = async () => JSON.parse((await run(process.execPath, [baseline, dataset])).output)

const bytes = readdirSync(dataset).filter(f => f.endsWith('.csv')).reduce((sum, f) => sum + statSync(join(dataset, f)).size, 0)
console.log(`${dataset}: ${mib(bytes)} of CSV, ${cpus().length} cores (${cpus()[0].model.trim()})`)
await duckdb()
const ours = [], theirs = []
for (let round = 1; round <= Number(rounds); round++) {
  const b = await backfill(), d = await duckdb()
  ours.push(b)
  theirs.push(d)
  const stages = Object.entries(b.said.seconds ?? {}).map(([stage, s]) => `${stage} ${Number(s).toFixed(2)}`).join(', ')
  console.log(`round ${round}: olist backfill ${b.seconds.toFixed(2)} s, ${mib(b.peakBytes)}; DuckDB ${d.seconds.toFixed(2)} s (reading ${d.read.toFixed(2)}), ${mib(d.peakBytes)}${stages ? `\n         ${stages}` : ''}`)
}
const own = median(ours.map(r => r.seconds)), other = median(theirs.map(r => r.seconds)), peak = Math.max(...ours.map(r => r.peakBytes))
console.log(`median olist backfill ${own.toFixed(2)} s, median DuckDB ${other.toFixed(2)} s`)
console.log(`ratio ${(own / other).toFixed(2)} (at most ${wantedRatio}), peak ${mib(peak)} (below ${mib(wantedBytes)})`)
process.exitCode = own / other <= wantedRatio && peak < wantedBytes ? 0 : 1
