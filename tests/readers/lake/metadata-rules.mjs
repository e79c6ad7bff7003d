// What a v2 metadata document must be, rule by rule, so that every engine takes it.

const primitives = /^(boolean|int|long|float|double|date|time|timestamp|timestamptz|string|uuid|binary|fixed\[\d+\]|decimal\(\d+, ?\d+\))$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const known = new Set(['format-version', 'olist.crc32c', 'table-uuid', 'location', 'last-sequence-number', 'last-updated-ms', 'last-column-id', 'schemas', 'current-schema-id', 'partition-specs', 'default-spec-id',
  'last-partition-id', 'sort-orders', 'default-sort-order-id', 'properties', 'current-snapshot-id', 'snapshots', 'refs', 'snapshot-log', 'metadata-log', 'statistics', 'partition-statistics'])
const operations = new Set(['append', 'replace', 'overwrite', 'delete'])
const minute = 60_000

/** Calls `problem` for every rule that `m` breaks; `fileExists` says whether a metadata path of the table is there. */
export function checkMetadata(m, problem, fileExists) {
  const isId = v => Number.isSafeInteger(v) && v >= 0
  const must = (holds, text) => { if (!holds) problem(text) }

  const nulls = (value, path) => {
    if (value === null) problem(`${path} is null: leave it out`)
    else if (typeof value === 'object') for (const [key, inner] of Object.entries(value)) nulls(inner, `${path}.${key}`)
  }
  nulls(m, 'metadata')
  for (const key of Object.keys(m)) must(known.has(key), `${key} is no field of a v2 document`)
  for (const key of ['last-sequence-number', 'last-updated-ms', 'last-column-id', 'current-schema-id', 'default-spec-id', 'last-partition-id', 'default-sort-order-id']) must(isId(m[key]), `${key} is ${m[key]}, expected a number`)
  must(m['format-version'] === 2, `format-version is ${m['format-version']}, expected 2`)
  must(uuid.test(m['table-uuid']), `table-uuid is ${m['table-uuid']}`)
  must(/^[a-z][a-z0-9]*:\/\/?/.test(m.location) && !m.location.endsWith('/'), `location is ${m.location}, expected a URI with a scheme and without a slash at its end`)
  for (const key of ['schemas', 'partition-specs', 'sort-orders']) must(Array.isArray(m[key]) && m[key].length > 0, `${key} is empty`)
  for (const [key, value] of Object.entries(m.properties ?? {})) must(typeof value === 'string', `property ${key} is no string`)

  let highest = 0
  const schemaIds = new Set()
  for (const schema of m.schemas ?? []) {
    const where = `schema ${schema['schema-id']}`
    must(isId(schema['schema-id']) && !schemaIds.has(schema['schema-id']), `${where}: schema-id is missing or there twice`)
    schemaIds.add(schema['schema-id'])
    must(schema.type === 'struct', `${where}: type is ${schema.type}`)
    const ids = new Map()
    const take = (id, field) => { must(isId(id) && id > 0 && !ids.has(id), `${where}: field id ${id} is missing or there twice`); ids.set(id, field); highest = Math.max(highest, id) }
    const typed = type => {
      if (typeof type === 'string') return must(primitives.test(type), `${where}: ${type} is no v2 type`)
      if (type.type === 'struct') return type.fields.forEach(one)
      if (type.type === 'list') { take(type['element-id']); must(typeof type['element-required'] === 'boolean', `${where}: element-required`); return typed(type.element) }
      if (type.type === 'map') { take(type['key-id']); take(type['value-id']); typed(type.key); return typed(type.value) }
      problem(`${where}: unknown type ${JSON.stringify(type)}`)
    }
    const one = field => {
      take(field.id, field)
      must(typeof field.name === 'string' && field.name !== '', `${where}: field ${field.id} has no name`)
      must(typeof field.required === 'boolean', `${where}: ${field.name}: required is ${field.required}`)
      typed(field.type)
    }
    ;(schema.fields ?? []).forEach(one)
    must(new Set(schema.fields?.map(f => f.name)).size === schema.fields?.length, `${where}: a name is there twice`)
    for (const id of schema['identifier-field-ids'] ?? []) must(ids.get(id)?.required === true && primitives.test(ids.get(id).type) && !/^(float|double)$/.test(ids.get(id).type), `${where}: identifier field ${id} must be a required primitive, and no float`)
  }
  must(m['last-column-id'] >= highest, `last-column-id is ${m['last-column-id']}, a schema has ${highest}`)
  must(schemaIds.has(m['current-schema-id']), `current-schema-id ${m['current-schema-id']} is no schema`)

  const current = m.schemas?.find(s => s['schema-id'] === m['current-schema-id'])
  let partitionId = 999
  for (const spec of m['partition-specs'] ?? []) {
    must(isId(spec['spec-id']) && Array.isArray(spec.fields), `partition spec ${spec['spec-id']}`)
    for (const field of spec.fields ?? []) {
      partitionId = Math.max(partitionId, field['field-id'])
      must(field['field-id'] >= 1000, `partition field ${field.name}: id ${field['field-id']} is below 1000`)
      const source = current?.fields.find(f => f.id === field['source-id'])
      if (spec['spec-id'] === m['default-spec-id']) must(source, `partition field ${field.name}: no column ${field['source-id']}`)
      must(field.transform === 'identity' && source?.name === field.name || !current?.fields.some(f => f.name === field.name), `partition field ${field.name} has the name of a column`)
      must(/^(identity|year|month|day|hour|void|bucket\[\d+\]|truncate\[\d+\])$/.test(field.transform), `partition field ${field.name}: transform ${field.transform}`)
    }
  }
  must(m['partition-specs']?.some(s => s['spec-id'] === m['default-spec-id']), `default-spec-id ${m['default-spec-id']} is no spec`)
  must(m['last-partition-id'] >= partitionId, `last-partition-id is ${m['last-partition-id']}, a spec has ${partitionId}`)
  must(m['sort-orders']?.some(o => o['order-id'] === m['default-sort-order-id']), `default-sort-order-id ${m['default-sort-order-id']} is no sort order`)
  for (const order of m['sort-orders'] ?? []) must((order['order-id'] === 0) === (order.fields.length === 0), `sort order ${order['order-id']}: only 0 is unsorted`)

  const byId = new Map()
  let sequence = 0
  for (const s of m.snapshots ?? []) {
    const where = `snapshot ${s['snapshot-id']}`
    must(/^[1-9]\d*$/.test(s['snapshot-id']) && !byId.has(s['snapshot-id']), `${where}: id is not positive or there twice`)
    must(BigInt(s['snapshot-id']) < 2n ** 53n, `${where}: JavaScript readers round ids of 2^53 and above`)
    byId.set(s['snapshot-id'], s)
    must(isId(s['sequence-number']) && s['sequence-number'] > 0, `${where}: sequence-number is ${s['sequence-number']}`)
    sequence = Math.max(sequence, s['sequence-number'])
    must(isId(s['timestamp-ms']), `${where}: timestamp-ms is ${s['timestamp-ms']}`)
    must(typeof s['manifest-list'] === 'string' && fileExists(s['manifest-list']), `${where}: manifest list ${s['manifest-list']} is not there`)
    must(operations.has(s.summary?.operation), `${where}: operation is ${s.summary?.operation}`)
    for (const [key, value] of Object.entries(s.summary ?? {})) must(typeof value === 'string', `${where}: summary ${key} is no string`)
    must(schemaIds.has(s['schema-id']), `${where}: schema-id ${s['schema-id']}`)
  }
  must(new Set([...byId.values()].map(s => s['sequence-number'])).size === byId.size, 'two snapshots share a sequence number')
  must(m['last-sequence-number'] >= sequence, `last-sequence-number is ${m['last-sequence-number']}, a snapshot has ${sequence}`)
  for (const s of byId.values()) {
    const parent = byId.get(s['parent-snapshot-id'])
    if (!parent) continue
    must(parent['sequence-number'] < s['sequence-number'], `snapshot ${s['snapshot-id']}: sequence number is not above its parent's`)
    must(parent['timestamp-ms'] < s['timestamp-ms'], `snapshot ${s['snapshot-id']}: time is not after its parent's`)
    checkTotals(s, parent, problem)
  }

  const head = m['current-snapshot-id'] ?? '-1'
  const hasHead = head !== '-1'
  if (hasHead) must(byId.has(head), `current-snapshot-id ${head} is no snapshot`)
  for (const [name, ref] of Object.entries(m.refs ?? {})) must(byId.has(ref['snapshot-id']) && /^(branch|tag)$/.test(ref.type), `ref ${name}: ${JSON.stringify(ref)}`)
  if (m.refs) must((m.refs.main?.['snapshot-id'] ?? '-1') === head, `ref main is ${m.refs.main?.['snapshot-id']}, current-snapshot-id is ${head}`)

  for (const log of ['snapshot-log', 'metadata-log']) {
    const times = (m[log] ?? []).map(e => e['timestamp-ms'])
    must(times.every(isId) && times.every((t, i) => !i || t >= times[i - 1]), `${log} is not ascending`)
    must(!times.length || m['last-updated-ms'] >= times.at(-1), `last-updated-ms is before the last entry of ${log}`)
  }
  if (hasHead) must(m['snapshot-log']?.at(-1)?.['snapshot-id'] === head, 'the last entry of snapshot-log is not the current snapshot')
  for (const entry of m['metadata-log'] ?? []) must(typeof entry['metadata-file'] === 'string' && entry['metadata-file'].startsWith(m.location + '/'), `metadata-log names ${entry['metadata-file']}`)
  must(new Set((m['metadata-log'] ?? []).map(e => e['metadata-file'])).size === (m['metadata-log'] ?? []).length, 'metadata-log names a file twice')
}

/** Totals of a summary are the parent's, plus what was added, minus what was removed. */
function checkTotals(s, parent, problem) {
  const number = (summary, key) => BigInt(summary[key] ?? 0)
  for (const [total, added, removed] of [['total-records', 'added-records', 'deleted-records'], ['total-data-files', 'added-data-files', 'deleted-data-files'], ['total-files-size', 'added-files-size', 'removed-files-size'],
    ['total-delete-files', 'added-delete-files', 'removed-delete-files'], ['total-position-deletes', 'added-position-deletes', 'removed-position-deletes'], ['total-equality-deletes', 'added-equality-deletes', 'removed-equality-deletes']]) {
    if (!(total in s.summary) || !(total in parent.summary)) continue
    const expected = number(parent.summary, total) + number(s.summary, added) - number(s.summary, removed)
    if (number(s.summary, total) !== expected) problem(`snapshot ${s['snapshot-id']}: ${total} is ${s.summary[total]}, expected ${expected}`)
  }
}
