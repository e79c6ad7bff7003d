// node rest/catalog.mjs URL KEY: drives a running catalog (http://host:port/api/catalog) with iceberg-js; prints "ok - name" or "not ok - name" per check.
// It makes and drops the namespace iceberg_js, and reads the tables that are there.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { IcebergRestCatalog } from 'iceberg-js'

const [url, key] = process.argv.slice(2)
const reader = new IcebergRestCatalog({ baseUrl: url })
const writer = new IcebergRestCatalog({ baseUrl: url, auth: { type: 'header', name: 'x-functions-key', value: key } })
const space = { namespace: ['iceberg_js'] }
const made = { ...space, name: 'made_outside' }
const gold = { namespace: ['gold'], name: 'fact_order_detail' }
const commit = (id, body) => writer.updateTable(id, body)
const fails = async (promise, status, type) => {
  const error = await promise.then(() => null, error => error)
  assert.ok(error, 'expected an error')
  assert.deepEqual([error.status, error.icebergType], [status, type], error.message)
  return error
}

let failed = false
async function check(name, body) {
  try {
    await body()
    console.log(`ok - iceberg-js: ${name}`)
  } catch (error) {
    failed = true
    console.log(`not ok - iceberg-js: ${name}\n${error.stack}`)
  }
}

await check('the configuration lists what may be called', async () => {
  const config = await (await fetch(`${url}/v1/config?warehouse=lake`)).json()
  assert.ok(config.endpoints.includes('POST /v1/{prefix}/namespaces/{namespace}/tables/{table}'))
  assert.deepEqual(config.overrides, {})
})
await check('namespaces and tables are listed without a key', async () => {
  assert.deepEqual((await reader.listNamespaces()).map(one => one.namespace.join()), ['bronze', 'gold', 'silver'])
  assert.ok((await reader.listTables({ namespace: ['gold'] })).some(table => table.name === gold.name))
  assert.deepEqual(await reader.loadNamespaceMetadata({ namespace: ['bronze'] }), { properties: {} })
})
await check('a table is loaded, and its metadata is that of its file, byte for byte in its numbers', async () => {
  assert.equal(await reader.tableExists(gold), true)
  const metadata = await reader.loadTable(gold)
  assert.equal(metadata['format-version'], 2)
  const text = await (await fetch(`${url}/v1/namespaces/gold/tables/${gold.name}`)).text()
  const file = await readFile(fileURLToPath(JSON.parse(text)['metadata-location']), 'utf8')
  assert.ok(text.includes(`"metadata":${file}`), 'the answer holds the file as it is')
})
await check('what is not there is a 404 of the right type', async () => {
  assert.equal(await reader.tableExists({ namespace: ['gold'], name: 'nobody' }), false)
  assert.equal((await fails(reader.loadTable({ namespace: ['gold', 'orders'], name: 'snapshots' }), 404, 'NoSuchTableException')).isNotFound(), true)
  await fails(reader.listTables({ namespace: ['nobody'] }), 404, 'NoSuchNamespaceException')
})
await check('an entity tag saves the second load', async () => {
  const first = await fetch(`${url}/v1/namespaces/gold/tables/${gold.name}`)
  const again = await fetch(first.url, { headers: { 'if-none-match': first.headers.get('etag') } })
  assert.equal(again.status, 304)
})
await check('without a key nothing is written', async () => {
  const error = await reader.createNamespace(space).then(() => null, error => error)
  assert.equal(error.status, 401)
  const drop = await reader.dropTable(gold).then(() => null, error => error)
  assert.equal(drop.status, 401)
})
await check('a namespace and a table are made', async () => {
  assert.deepEqual((await writer.createNamespace(space, { properties: { owner: 'outside' } })).namespace, space.namespace)
  assert.equal((await fails(writer.createNamespace(space), 409, 'AlreadyExistsException')).isConflict(), true)
  assert.deepEqual(await reader.loadNamespaceMetadata(space), { properties: { owner: 'outside' } })
  const table = await writer.createTable(space, {
    name: made.name,
    schema: { type: 'struct', 'schema-id': 0, 'identifier-field-ids': [0], fields: [
      { id: 0, name: 'id', type: 'long', required: true }, { id: 1, name: 'at', type: 'timestamptz', required: false }, { id: 2, name: 'price', type: 'decimal(10,2)', required: false }] },
    'partition-spec': { 'spec-id': 0, fields: [{ 'source-id': 1, 'field-id': 1000, name: 'at_month', transform: 'month' }] },
    properties: { made: 'by iceberg-js' },
  })
  assert.deepEqual(table.schemas[0].fields.map(field => field.id), [1, 2, 3])
  assert.equal(table['partition-specs'][0].fields[0]['source-id'], 2)
  assert.deepEqual((await reader.listTables(space)).map(one => one.name), [made.name])
  await fails(writer.createTable(space, { name: made.name, schema: { type: 'struct', fields: [{ id: 1, name: 'id', type: 'long', required: true }] } }), 409, 'AlreadyExistsException')
})
await check('properties and a schema are committed; a stale commit is a conflict', async () => {
  const table = await reader.loadTable(made)
  const requirements = [{ type: 'assert-table-uuid', uuid: table['table-uuid'] }, { type: 'assert-current-schema-id', 'current-schema-id': 0 }]
  const fields = [...table.schemas[0].fields, { id: 4, name: 'note', type: 'string', required: false }]
  const updates = [{ action: 'set-properties', updates: { step: '1' } }, { action: 'add-schema', schema: { type: 'struct', fields } }, { action: 'set-current-schema', 'schema-id': -1 }]
  const { metadata } = await commit(made, { requirements, updates })
  assert.equal(metadata.properties.step, '1')
  assert.equal(metadata['current-schema-id'], 1)
  const error = await fails(commit(made, { requirements, updates }), 409, 'CommitFailedException')
  assert.equal(error.isConflict(), true)
  assert.equal((await reader.loadTable(made)).properties.step, '1')
})
await check('what is wrong is refused by name, and nothing changes', async () => {
  const before = (await (await fetch(`${url}/v1/namespaces/iceberg_js/tables/${made.name}`)).json())['metadata-location']
  const error = await fails(commit(made, { requirements: [], updates: [{ action: 'conquer-table' }] }), 400, 'BadRequestException')
  assert.match(error.message, /conquer-table/)
  await fails(commit(made, { requirements: [{ type: 'assert-luck' }], updates: [] }), 400, 'BadRequestException')
  await fails(commit({ ...made, name: 'nobody' }, { requirements: [], updates: [] }), 404, 'NoSuchTableException')
  assert.equal((await (await fetch(`${url}/v1/namespaces/iceberg_js/tables/${made.name}`)).json())['metadata-location'], before)
})
await check("the pipeline's tables take commits, but are not dropped", async () => {
  const { metadata } = await commit(gold, { requirements: [], updates: [{ action: 'set-properties', updates: { 'seen-by': 'iceberg-js' } }] })
  assert.equal(metadata.properties['seen-by'], 'iceberg-js')
  await fails(writer.dropTable(gold), 403, 'ForbiddenException')
})
// What iceberg-js has no call for, as plain requests. Every error has the protocol's shape, its code being the status.
async function ask(method, path, body, headers = { 'x-functions-key': key }) {
  const response = await fetch(`${url}/v1/${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : body && JSON.stringify(body) })
  const text = await response.text()
  const answer = { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
  if (response.status >= 400 && response.status !== 401 && method !== 'HEAD') {
    assert.equal(answer.body.error.code, response.status)
    assert.equal(typeof answer.body.error.type, 'string')
    assert.ok(answer.body.error.message.length > 10)
  }
  return answer
}
const answers = async (status, type, ...request) => {
  const answer = await ask(...request)
  assert.deepEqual([answer.status, answer.body?.error?.type], [status, type], JSON.stringify(answer.body))
  return answer.body
}
await check('lists come in pages', async () => {
  const first = await answers(200, undefined, 'GET', 'namespaces?pageToken=&pageSize=2')
  assert.deepEqual(first.namespaces, [['bronze'], ['gold']])
  const second = await answers(200, undefined, 'GET', `namespaces?pageToken=${encodeURIComponent(first['next-page-token'])}&pageSize=2`)
  assert.deepEqual(second.namespaces, [['iceberg_js'], ['silver']])
  assert.equal(second['next-page-token'], undefined)
  await answers(400, 'BadRequestException', 'GET', 'namespaces/gold/tables?pageToken=&pageSize=0')
})
await check('properties of a namespace are changed', async () => {
  assert.deepEqual(await answers(200, undefined, 'POST', 'namespaces/iceberg_js/properties', { removals: ['owner', 'nothing'], updates: { note: 'x' } }), { updated: ['note'], removed: ['owner'], missing: ['nothing'] })
  await answers(422, 'UnprocessableEntityException', 'POST', 'namespaces/iceberg_js/properties', { removals: ['note'], updates: { note: 'y' } })
  await answers(404, 'NoSuchNamespaceException', 'POST', 'namespaces/nobody/properties', { updates: {} })
  assert.equal((await ask('POST', 'namespaces/iceberg_js/properties', { updates: {} }, {})).status, 401)
})
await check('a table without its history', async () => {
  const { metadata } = await answers(200, undefined, 'GET', `namespaces/gold/tables/${gold.name}?snapshots=refs`)
  assert.deepEqual(metadata.snapshots.length, Object.keys(metadata.refs).length)
  await answers(400, 'BadRequestException', 'GET', `namespaces/gold/tables/${gold.name}?snapshots=few`)
})
await check('a transaction takes one table; more, renaming and views are refused in words', async () => {
  const change = { identifier: made, requirements: [], updates: [{ action: 'set-properties', updates: { in: 'transaction' } }] }
  assert.equal((await ask('POST', 'transactions/commit', { 'table-changes': [change] })).status, 204)
  assert.equal((await reader.loadTable(made)).properties.in, 'transaction')
  await answers(501, 'UnsupportedOperationException', 'POST', 'transactions/commit', { 'table-changes': [change, { ...change, identifier: gold }] })
  await answers(406, 'UnsupportedOperationException', 'POST', 'tables/rename', { source: made, destination: { ...made, name: 'other' } })
  await answers(501, 'UnsupportedOperationException', 'GET', 'namespaces/gold/views')
  await answers(400, 'BadRequestException', 'POST', 'namespaces/iceberg_js/register', { name: 'other', 'metadata-location': (await ask('GET', `namespaces/iceberg_js/tables/${made.name}`)).body['metadata-location'] })
  await answers(409, 'AlreadyExistsException', 'POST', 'namespaces/iceberg_js/register', { name: made.name, 'metadata-location': 'file:///nowhere' })
})
await check('a snapshot that a watermark names can not be removed from outside', async () => {
  // As text: ids are larger than JavaScript's numbers.
  const path = 'namespaces/silver/tables/customer_order'
  const text = await (await fetch(`${url}/v1/${path}`)).text()
  const head = text.match(/"current-snapshot-id":\s*(\d+)/)[1]
  const { metadata } = JSON.parse(text)
  const snapshot = `{"snapshot-id":4242,"parent-snapshot-id":${head},"sequence-number":${metadata['last-sequence-number'] + 1},"timestamp-ms":${metadata['last-updated-ms'] + 1},` +
    `"manifest-list":${JSON.stringify(metadata.snapshots.at(-1)['manifest-list'])},"summary":{"operation":"replace"},"schema-id":${metadata['current-schema-id']}}`
  await answers(200, undefined, 'POST', path, `{"requirements":[],"updates":[{"action":"add-snapshot","snapshot":${snapshot}},{"action":"set-snapshot-ref","ref-name":"main","type":"branch","snapshot-id":4242}]}`)
  const { error } = await answers(400, 'BadRequestException', 'POST', path, `{"requirements":[],"updates":[{"action":"remove-snapshots","snapshot-ids":[${head}]}]}`)
  assert.match(error.message, /can't be removed/)
})
await check('table and namespace are dropped', async () => {
  await fails(writer.dropNamespace(space), 409, 'NamespaceNotEmptyException')
  await writer.dropTable(made, { purge: true })
  assert.equal(await reader.tableExists(made), false)
  await writer.dropNamespace(space)
  assert.deepEqual((await reader.listNamespaces()).map(one => one.namespace.join()), ['bronze', 'gold', 'silver'])
})
process.exitCode = failed ? 1 : 0
