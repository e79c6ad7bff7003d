// The live files of a snapshot, and whether manifest lists, manifests and files agree with each other.

import { statSync, existsSync } from 'node:fs'
import { checkIds, readAvro } from './avro.mjs'

const listFields = { manifest_path: 500, manifest_length: 501, partition_spec_id: 502, content: 517, sequence_number: 515, min_sequence_number: 516, added_snapshot_id: 503,
  added_rows_count: 512, existing_rows_count: 513, deleted_rows_count: 514 }
const entryFields = { status: 0, snapshot_id: 1, sequence_number: 3, file_sequence_number: 4, data_file: 2 }
const fileFields = { content: 134, file_path: 100, file_format: 101, partition: 102, record_count: 103, file_size_in_bytes: 104 }

/** Checks every snapshot of one table; `liveFiles(snapshot)` gives the files a scan of it reads. */
export class Manifests {
  #problem
  #disk
  #metadata
  #read = new Map()

  constructor(metadata, disk, problem) {
    this.#metadata = metadata
    this.#disk = disk
    this.#problem = problem
  }

  async #avro(path) {
    if (!this.#read.has(path)) {
      const file = this.#disk(path)
      const content = file && existsSync(file) ? await readAvro(file).catch(e => { this.#problem(`${path}: ${e.message}`); return null }) : (this.#problem(`${path} is not there`), null)
      if (content) {
        if (!['null', 'deflate'].includes(content.meta['avro.codec'])) this.#problem(`${path}: avro.codec is ${content.meta['avro.codec']}`)
        if (content.meta['format-version'] !== '2') this.#problem(`${path}: format-version is ${content.meta['format-version']}`)
        checkIds(content.schema, text => this.#problem(`${path}: ${text}`))
      }
      this.#read.set(path, content)
    }
    return this.#read.get(path)
  }

  #ids(path, schema, expected) {
    const fields = new Map(schema?.fields?.map(f => [f.name, f['field-id']]) ?? [])
    for (const [name, id] of Object.entries(expected)) if (fields.get(name) !== id) this.#problem(`${path}: ${name} has field-id ${fields.get(name)}, expected ${id}`)
  }

  /** Live entries of a snapshot as {content, path, rows, sequence, equalityIds, spec, file}; wrong counts, sizes and numbers are problems. */
  async liveFiles(snapshot) {
    const list = await this.#avro(snapshot['manifest-list'])
    if (!list) return []
    const where = snapshot['manifest-list'].split('/').at(-1)
    this.#ids(where, list.schema, listFields)
    // Ids 504 to 506 have two names; readers go by the id.
    const nameOf = id => list.schema.fields.find(f => f['field-id'] === id)?.name
    const fileCounts = { 1: nameOf(504), 0: nameOf(505), 2: nameOf(506) }
    const live = [], seen = new Set()
    for (const m of list.records) {
      const name = m.manifest_path.split('/').at(-1)
      const wrong = text => this.#problem(`${where}: ${name}: ${text}`)
      const manifest = await this.#avro(m.manifest_path)
      if (!manifest) continue
      const size = BigInt(statSync(this.#disk(m.manifest_path)).size)
      if (m.manifest_length !== size) wrong(`manifest_length is ${m.manifest_length}, the file has ${size}`)
      if (m.sequence_number > BigInt(snapshot['sequence-number'])) wrong(`sequence_number ${m.sequence_number} is above the snapshot's`)
      if (manifest.meta.content !== (m.content ? 'deletes' : 'data')) wrong(`content is ${manifest.meta.content}`)
      if (manifest.meta['partition-spec-id'] !== String(m.partition_spec_id)) wrong(`partition-spec-id is ${manifest.meta['partition-spec-id']}, the list says ${m.partition_spec_id}`)
      if (!JSON.parse(manifest.meta.schema ?? 'null')?.fields) wrong('no schema in the Avro metadata')
      if (!Array.isArray(JSON.parse(manifest.meta['partition-spec'] ?? 'null'))) wrong('partition-spec in the Avro metadata is no list of fields')
      this.#ids(name, manifest.schema, entryFields)
      this.#ids(name, manifest.schema.fields.find(f => f.name === 'data_file')?.type, fileFields)
      const counts = { 0: [0n, 0n], 1: [0n, 0n], 2: [0n, 0n] }
      let least = null
      for (const entry of manifest.records) {
        const file = entry.data_file
        counts[entry.status][0]++
        counts[entry.status][1] += file.record_count
        if (entry.status !== 1 && (entry.sequence_number === null || entry.file_sequence_number === null || entry.snapshot_id === null)) wrong(`${file.file_path}: numbers are null on an entry that is not added`)
        if (entry.status === 2) continue
        const sequence = entry.sequence_number ?? m.sequence_number
        least = least === null || sequence < least ? sequence : least
        if (seen.has(file.file_path)) wrong(`${file.file_path} is live twice`)
        seen.add(file.file_path)
        if (file.file_format !== 'PARQUET') wrong(`${file.file_path}: format ${file.file_format}`)
        if ((file.content === 0) !== (m.content === 0)) wrong(`${file.file_path}: content ${file.content} in a manifest of ${manifest.meta.content}`)
        if (file.content === 2 && !file.equality_ids?.length) wrong(`${file.file_path}: equality deletes without equality_ids`)
        const onDisk = this.#disk(file.file_path)
        if (!onDisk || !existsSync(onDisk)) { wrong(`${file.file_path} is not there`); continue }
        if (file.file_size_in_bytes !== BigInt(statSync(onDisk).size)) wrong(`${file.file_path}: file_size_in_bytes is ${file.file_size_in_bytes}, the file has ${statSync(onDisk).size}`)
        live.push({ content: file.content, path: file.file_path, onDisk, rows: file.record_count, sequence, equalityIds: file.equality_ids, spec: m.partition_spec_id, partition: file.partition, file })
      }
      for (const [status, kind] of [[1, 'added'], [0, 'existing'], [2, 'deleted']]) {
        if (BigInt(m[fileCounts[status]] ?? -1) !== counts[status][0]) wrong(`the count of ${kind} files is ${m[fileCounts[status]]}, there are ${counts[status][0]}`)
        if (m[`${kind}_rows_count`] !== counts[status][1]) wrong(`${kind}_rows_count is ${m[`${kind}_rows_count`]}, there are ${counts[status][1]}`)
      }
      if (least !== null && m.min_sequence_number > least) wrong(`min_sequence_number is ${m.min_sequence_number}, an entry has ${least}`)
    }
    const sum = (content, of) => live.filter(f => content.includes(f.content)).reduce((total, f) => total + of(f), 0n)
    for (const [key, value] of [['total-records', sum([0], f => f.rows)], ['total-data-files', sum([0], () => 1n)], ['total-delete-files', sum([1, 2], () => 1n)], ['total-position-deletes', sum([1], f => f.rows)],
      ['total-equality-deletes', sum([2], f => f.rows)], ['total-files-size', sum([0, 1, 2], f => f.file.file_size_in_bytes)]])
      if (key in snapshot.summary && BigInt(snapshot.summary[key]) !== value) this.#problem(`snapshot ${snapshot['snapshot-id']}: summary says ${key} ${snapshot.summary[key]}, its manifests ${value}`)
    return live
  }
}
