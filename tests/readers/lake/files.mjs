// Where the files of a table are. A table is read under the locations it was written with, from the folder that it is in now.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** 64-bit ids as text: JSON.parse would round them. Only ids: everything else keeps its JSON type, which the rules look at. */
export const parseIds = json => JSON.parse(json.replace(/("(?:[a-z]+-)*snapshot-id"\s*:\s*)(-?\d+)/g, '$1"$2"'))

/** Folders under `root` that hold a table, as {name, folder}; name is `<namespace>.<table>`. */
export function findTables(root) {
  const found = []
  const walk = (folder, depth) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const path = join(folder, entry.name)
      const metadata = join(path, 'metadata')
      if (existsSync(metadata) && readdirSync(metadata).some(f => f.endsWith('.metadata.json'))) found.push({ name: relative(root, path).replaceAll(/[\\/]/g, '.'), folder: path })
      else if (depth < 4) walk(path, depth + 1)
    }
  }
  walk(root, 0)
  return found.sort((a, b) => a.name < b.name ? -1 : 1)
}

/** The current metadata file of a table folder: by the hint, then upward as long as there is a next one. */
export function currentMetadata(folder, problem) {
  const metadata = join(folder, 'metadata')
  const versions = readdirSync(metadata).flatMap(f => /^v(\d+)\.metadata\.json$/.exec(f)?.[1] ?? []).map(Number).sort((a, b) => a - b)
  const hint = existsSync(join(metadata, 'version-hint.text')) ? readFileSync(join(metadata, 'version-hint.text'), 'utf8') : null
  if (hint === null) problem('no metadata/version-hint.text: readers without a catalog find nothing')
  else if (!/^[1-9]\d*$/.test(hint)) problem(`version-hint.text is ${JSON.stringify(hint)}, expected digits and nothing else`)
  else if (versions.length && Number(hint) !== versions.at(-1)) problem(`version-hint.text says ${hint}, the newest metadata file is v${versions.at(-1)}`)
  for (const [i, version] of versions.entries()) if (i && version !== versions[i - 1] + 1) problem(`metadata files jump from v${versions[i - 1]} to v${version}`)
  if (!versions.length) throw new Error(`no v<N>.metadata.json in ${metadata}`)
  const file = join(metadata, `v${versions.at(-1)}.metadata.json`)
  return { file, json: readFileSync(file, 'utf8') }
}

/** Maps the locations of one table onto its folder; a path outside of the location is a problem and has no file. */
export function mapper(location, folder) {
  return path => path.startsWith(location + '/') ? join(folder, path.slice(location.length)) : null
}

/** Lets readers that only know `fetch` read under `location` what is in `folder`, with ranges. */
export function serveFromDisk(location, folder) {
  const asHttp = url => url.replace(/^s3[an]?:\/\/([^/]+)/, 'https://$1.s3.amazonaws.com')
  const prefix = asHttp(location)
  globalThis.fetch = async (url, init = {}) => {
    const asked = asHttp(decodeURI(String(url)))
    const file = asked.startsWith(prefix + '/') ? join(folder, asked.slice(prefix.length)) : null
    if (!file || !existsSync(file)) return new Response(null, { status: 404 })
    const bytes = readFileSync(file)
    const range = /bytes=(\d+)-(\d*)/.exec(new Headers(init.headers).get('range') ?? '')
    return range ? new Response(bytes.subarray(Number(range[1]), range[2] ? Number(range[2]) + 1 : undefined), { status: 206 }) : new Response(bytes)
  }
}
