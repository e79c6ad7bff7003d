// Avro container files through avsc, which is strict; 64-bit numbers stay exact.

import { readFileSync } from 'node:fs'
import avro from 'avsc'

const long = avro.types.LongType.__with({
  fromBuffer: bytes => bytes.readBigInt64LE(),
  toBuffer: n => { const bytes = Buffer.alloc(8); bytes.writeBigInt64LE(n); return bytes },
  fromJSON: BigInt,
  toJSON: String,
  isValid: n => typeof n === 'bigint',
  compare: (a, b) => a < b ? -1 : a > b ? 1 : 0,
})

/** {schema, meta, records} of one container file; throws where a byte is wrong. */
export function readAvro(file) {
  return new Promise((resolve, reject) => {
    const decoder = new avro.streams.BlockDecoder({ parseHook: schema => avro.Type.forSchema(schema, { registry: { long } }) })
    const records = []
    let meta = null
    decoder.on('metadata', (_, __, header) => { meta = Object.fromEntries(Object.entries(header.meta).map(([key, value]) => [key, value.toString()])) })
    decoder.on('data', record => records.push(record))
    decoder.on('error', reject)
    decoder.on('end', () => meta ? resolve({ schema: JSON.parse(meta['avro.schema']), meta, records }) : reject(new Error('no Avro header')))
    decoder.end(readFileSync(file))
  })
}

/** Calls `problem` for every field without field-id and every list without element-id; Java can't see what has none. */
export function checkIds(schema, problem, path = schema.name) {
  if (Array.isArray(schema)) {
    if (schema[0] !== 'null') problem(`${path}: null is not the first branch of the union`)
    return schema.forEach(branch => branch !== 'null' && checkIds(branch, problem, path))
  }
  if (schema.type === 'record') for (const field of schema.fields) {
    const inner = `${path}.${field.name}`
    if (!Number.isInteger(field['field-id'])) problem(`${inner} has no field-id`)
    if (Array.isArray(field.type) && field.default !== null) problem(`${inner} is optional and has no default null`)
    checkIds(field.type, problem, inner)
  }
  else if (schema.type === 'array') {
    if (schema.logicalType !== 'map' && !Number.isInteger(schema['element-id'])) problem(`${path} has no element-id`)
    checkIds(schema.items, problem, path)
  }
  else if (typeof schema.type === 'object') checkIds(schema.type, problem, path)
}
