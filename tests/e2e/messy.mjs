// node messy.mjs DATASET_DIR OUT_DIR [SEED]         a messy copy, and expected.json: which rows are bad, by file, line and kind
// node messy.mjs --agrees EXPECTED_JSON ASIDE_JSON  exit code 1 unless both name the same rows
//
// Every file is harmed in its own way: a byte order mark, CRLF, blank lines (no harm), rows with fields too few or too many, days that
// the calendar does not have, words for numbers, bytes that are no UTF-8, statuses nobody knows, ids that are there twice, text after a
// closing quote. A quote inside of an unquoted city is untidy, and no harm. What is unclear (a quote that is never closed) is not done.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { files } from '../readers/oracle/dataset.mjs'
import { rows } from '../readers/oracle/csv.mjs'

if (process.argv[2] === '--agrees') {
  const [expected, aside] = process.argv.slice(3).map(f => JSON.parse(readFileSync(f, 'utf8')))
  const names = list => list.map(r => `${r.file}:${r.line}`)
  const want = names(expected.bad), have = names(aside)
  const wrong = [...want.filter(w => !have.includes(w)).map(w => `not set aside: ${w}`), ...have.filter(h => !want.includes(h)).map(h => `set aside for nothing: ${h}`)]
  console.log(wrong.slice(0, 20).join('\n') || `${have.length} rows`)
  process.exit(wrong.length ? 1 : 0)
}

const [dataset, target, seed = '1'] = process.argv.slice(2)
if (!target) {
  console.error('usage: node messy.mjs DATASET_DIR OUT_DIR [SEED]')
  process.exit(2)
}

// A small generator of our own: the same seed makes the same mess everywhere.
let state = Number(seed) >>> 0
function random() {
  state = (state + 0x6d2b79f5) >>> 0
  let t = Math.imul(state ^ (state >>> 15), state | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
const pick = list => list[Math.floor(random() * list.length)]

/** A row as it is written; a field that is already raw text comes as {raw}. */
const write = fields => fields.map(f => f.raw ?? (/[",\r\n]/.test(f) ? `"${f.replaceAll('"', '""')}"` : f)).join(',')

const where = (spec, rule) => Object.values(spec.columns).flatMap((r, i) => r === rule ? [i] : [])
const replaced = (fields, at, value) => fields.map((f, i) => i === at ? value : f)

/** Ways to make a row bad: [kind, may it be done to this file, how]. */
const harms = [
  ['too few fields', () => true, fields => fields.slice(0, -1 - Math.floor(random() * (fields.length - 1)))],
  ['too many fields', () => true, fields => [...fields, pick(['', 'more'])]],
  ['bad time', spec => where(spec, 'time').length, (fields, spec) => replaced(fields, pick(where(spec, 'time')), pick(['2017-02-30 10:00:00', '2018-13-01 00:00:00', 'yesterday', '2018-01-01 24:00:00', '01/02/2018 10:00']))],
  ['bad amount', spec => where(spec, 'money').length, (fields, spec) => replaced(fields, pick(where(spec, 'money')), pick(['free', '12,50', 'R$ 10', '1.2.3']))],
  ['bad number', spec => where(spec, 'int').length, (fields, spec) => replaced(fields, pick(where(spec, 'int')), pick(['five', '1x', 'NaN', '1.5.1']))],
  ['bad zip', spec => where(spec, 'zip').length, (fields, spec) => replaced(fields, pick(where(spec, 'zip')), pick(['ABC', '12-345', '?']))],
  ['bad coordinate', spec => where(spec, 'degrees').length, (fields, spec) => replaced(fields, pick(where(spec, 'degrees')), pick(['north', '-23.5.1', '']))],
  ['unknown status', spec => where(spec, 'status').length, (fields, spec) => replaced(fields, where(spec, 'status')[0], pick(['teleported', 'DELIVERED', 'entregue']))],
  ['not UTF-8', () => true, fields => { const at = Math.floor(random() * fields.length); return replaced(fields, at, fields[at] + pick(['\xff', 'caf\xe9 bom', '\xc3', '\xed\xa0\x80'])) }],
  ['text after a closing quote', () => true, fields => { const at = Math.floor(random() * fields.length); return replaced(fields, at, { raw: `"${fields[at].replaceAll('"', '')} "bom" produto"` }) }],
]

mkdirSync(target, { recursive: true })
const bad = [], style = {}
for (const [index, spec] of files.entries()) {
  const names = Object.keys(spec.columns)
  const all = [...rows(readFileSync(join(dataset, spec.file)))].slice(1)
  const end = (index + Number(seed)) % 2 ? '\r\n' : '\n', mark = (index + Number(seed)) % 3 === 0
  style[spec.file] = { byteOrderMark: mark, crlf: end === '\r\n' }
  // As many rows as are worth it: of a small file one in eight, of a large one a hundred.
  const usable = harms.filter(([, may]) => may(spec))
  const victims = new Map()
  for (const limit = Math.min(100, Math.ceil(all.length / 8)); victims.size < limit;) victims.set(Math.floor(random() * all.length), usable[victims.size % usable.length])
  const parts = [(mark ? '\xef\xbb\xbf' : '') + names.join() + end]
  let line = 2
  const put = (fields, kind) => {
    const text = write(fields)
    if (kind) bad.push({ file: spec.file, line, kind })
    parts.push(text + end)
    line += text.split('\n').length
  }
  const cities = names.flatMap((name, i) => name.endsWith('_city') ? [i] : [])
  const twice = []
  for (const [i, row] of all.entries()) {
    const harm = victims.get(i)
    if (harm) put(harm[2](row.fields, spec), harm[0])
    else {
      let fields = row.fields
      if (cities.length && random() < 0.01) fields = replaced(fields, cities[0], { raw: fields[cities[0]].replace(' ', ' "') + '"' })
      put(fields)
      if (spec.unique !== undefined && random() < 0.003) twice.push(row.fields)
    }
    if (random() < 0.002) { parts.push(end); line++ }
    if (twice.length && random() < 0.05) put(twice.shift(), 'there twice')
  }
  for (const fields of twice) put(fields, 'there twice')
  parts.push(end, end)
  writeFileSync(join(target, spec.file), Buffer.from(parts.join(''), 'latin1'))
}
writeFileSync(join(target, 'expected.json'), JSON.stringify({ seed: Number(seed), style, bad }, null, 1))
const kinds = {}
for (const { kind } of bad) kinds[kind] = (kinds[kind] ?? 0) + 1
console.log(`${bad.length} bad rows`, kinds)
