// node http.mjs METHOD URL [FILE]: sends one request, writes the body to FILE, prints "STATUS CONTENT-TYPE". Exit code 0 for 2xx.
import { writeFileSync } from 'node:fs'
const [method, url, file] = process.argv.slice(2)
try {
  const response = await fetch(url, { method, signal: AbortSignal.timeout(10_000) })
  const body = Buffer.from(await response.arrayBuffer())
  if (file) writeFileSync(file, body)
  console.log(response.status, response.headers.get('content-type') ?? '')
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.log('000', error.cause?.code ?? error.name)
  process.exitCode = 2
}
