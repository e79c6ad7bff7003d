// What icebird 0.3.1 can't read, by name. Nothing else is forgiven; each is counted.

/** The reason, or undefined when icebird must find the same rows. */
export function icebirdLimit(schema, live) {
  const data = live.filter(f => f.content === 0), equalities = live.filter(f => f.content === 2)
  if (!data.length) return 'a state without data files: it throws'
  // Partition values of decimals, uuids and bytes are Avro fixed or bytes in the manifest.
  if (live.some(f => Object.values(f.partition ?? {}).some(v => Buffer.isBuffer(v)))) return 'bytes as a partition value: its Avro reader does not know them'
  for (const f of equalities) {
    if (f.partition !== null && Object.keys(f.partition).length) return 'equality deletes of one partition: it ignores the partition'
    const keys = f.equalityIds.map(id => schema.fields.find(c => c.id === id))
    if (keys.some(k => !k)) return 'equality deletes by a column that was dropped: it does not read that column'
    if (keys.some(k => !/^(string|int|long)$/.test(k.type))) return 'equality deletes by times or bytes: it compares by reference'
    if (keys.some(k => !k.required)) return 'equality deletes by a column that may be null: a null there matches anything'
  }
}
