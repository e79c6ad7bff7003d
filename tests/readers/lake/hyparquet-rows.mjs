// The rows of a snapshot by hyparquet alone: files one by one, columns by field id, deletes applied here.

import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { scope } from './rows.mjs'

// The default parsers round to milliseconds.
const parsers = { timestampFromMicroseconds: v => v, timestampFromMilliseconds: v => v, timestampFromNanoseconds: v => v, dateFromDays: v => v }

const isGlobal = f => f.partition === null || Object.keys(f.partition).length === 0
const keyOf = (row, ids) => JSON.stringify(ids.map(id => row.get(id) ?? null), (_, v) => typeof v === 'bigint' ? String(v) : v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v)

/** Reads files of one table; a file that several snapshots share is read once. */
export class HyparquetTable {
  #files = new Map()

  /** Every row as a map from field id to value. */
  async #rows(file) {
    if (!this.#files.has(file.onDisk)) {
      const buffer = await asyncBufferFromFile(file.onDisk), metadata = await parquetMetadataAsync(buffer)
      const ids = new Map(metadata.schema.slice(1).map(leaf => [leaf.name, leaf.field_id]))
      const rows = await parquetReadObjects({ file: buffer, metadata, compressors, parsers, utf8: false })
      this.#files.set(file.onDisk, rows.map(row => new Map(Object.entries(row).map(([name, value]) => [ids.get(name), value]))))
    }
    return this.#files.get(file.onDisk)
  }

  /** The live rows, as maps from field id to value. A position delete hits data of its own or an older number, an equality delete only older data; both only their partition. */
  async liveRows(live) {
    const positions = new Map(), equalities = []
    for (const f of live.filter(f => f.content === 1))
      for (const row of await this.#rows(f)) {
        const [path, pos] = [row.get(2147483546), row.get(2147483545)]
        if (!positions.has(path)) positions.set(path, [])
        positions.get(path).push({ pos: BigInt(pos), sequence: f.sequence, scope: scope(f) })
      }
    for (const f of live.filter(f => f.content === 2)) equalities.push({ ...f, keys: new Set((await this.#rows(f)).map(row => keyOf(row, f.equalityIds))) })
    const rows = []
    for (const f of live.filter(f => f.content === 0)) {
      const deleted = new Set((positions.get(f.path) ?? []).filter(d => d.sequence >= f.sequence && d.scope === scope(f)).map(d => d.pos))
      const hit = equalities.filter(d => f.sequence < d.sequence && (isGlobal(d) || scope(d) === scope(f)))
      ;(await this.#rows(f)).forEach((row, i) => {
        if (!deleted.has(BigInt(i)) && !hit.some(d => d.keys.has(keyOf(row, d.equalityIds)))) rows.push(row)
      })
    }
    return rows
  }
}
