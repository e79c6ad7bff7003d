// A strict reader of comma separated rows over raw bytes, written for the proof and for nothing else.
//
// Fields are kept as latin1 strings: one character per byte, so nothing is decoded, repaired or lost, and bytes >= 0x80
// never look like a quote, a comma or a line end. A row carries the line it starts on (the header is line 1).

import { isUtf8 } from 'node:buffer'

/**
 * Rows of `bytes`, header included.
 * `broken` says why a row can't be trusted: text after a closing quote, or a quote that is never closed.
 * Blank lines are no rows. A byte order mark at the start is no data.
 */
export function* rows(bytes) {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = bytes.subarray(hasMark ? 3 : 0).toString('latin1')
  const clean = isUtf8(bytes)
  let at = 0, line = 1
  while (at < text.length) {
    const start = at, startLine = line, fields = []
    let broken = null
    for (;;) {
      let field
      if (text.charCodeAt(at) === 34) {
        field = ''
        let from = ++at
        for (;;) {
          const quote = text.indexOf('"', from)
          if (quote < 0) { broken = 'a quote is not closed'; field += text.slice(from); at = text.length; break }
          if (text.charCodeAt(quote + 1) === 34) { field += text.slice(from, quote + 1); from = quote + 2; continue }
          field += text.slice(from, quote)
          at = quote + 1
          break
        }
        for (let i = field.indexOf('\n'); i >= 0; i = field.indexOf('\n', i + 1)) line++
        const end = fieldEnd(text, at)
        if (end > at) { broken ??= 'text after a closing quote'; at = end }
      } else {
        const end = fieldEnd(text, at)
        field = text.slice(at, end)
        at = end
      }
      fields.push(field)
      if (text.charCodeAt(at) !== 44) break
      at++
    }
    const end = at
    if (text.charCodeAt(at) === 13) at++
    if (at < text.length) at++, line++
    if (fields.length === 1 && fields[0] === '' && text.charCodeAt(start) !== 34) continue
    if (!broken && !clean && !isUtf8(Buffer.from(text.slice(start, end), 'latin1'))) broken = 'not UTF-8'
    yield { line: startLine, fields, broken }
  }
}

/** Where an unquoted field ends: at a comma, a line feed, a carriage return before one, or the end. A lone carriage return is text. */
function fieldEnd(text, at) {
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 44 || c === 10) return at
    if (c === 13 && (at + 1 === text.length || text.charCodeAt(at + 1) === 10)) return at
  }
  return at
}

/** One row as a line that every reader takes the same way: a null is nothing at all, everything else is quoted. */
export const line = fields => fields.map(f => f === '' ? '' : `"${f.includes('"') ? f.replaceAll('"', '""') : f}"`).join(',') + '\n'
