// One spelling of every value, the same as Olist.Formats.Tests.Parquet.BatchAssert.Value: numbers as decimal integers
// (times in microseconds, decimals unscaled), floats as the hex of their bits, bytes and text as x + upper-case hex.
const view = new DataView(new ArrayBuffer(8))

export function floatBits(value) {
  view.setFloat32(0, value)
  return Number.isNaN(value) ? 'nan' : view.getUint32(0).toString(16)
}

export function doubleBits(value) {
  view.setFloat64(0, value)
  return Number.isNaN(value) ? 'nan' : view.getBigUint64(0).toString(16)
}

export function hex(bytes) {
  return 'x' + Buffer.from(bytes).toString('hex').toUpperCase()
}

export function text(value) {
  return hex(Buffer.from(value, 'utf8'))
}

/** Big-endian two's complement in as few bytes as possible: how decimals of more than 18 digits are kept. */
export function wideDecimal(unscaled) {
  let length = 1
  while (BigInt.asIntN(8 * length, unscaled) !== unscaled) length++
  return 'x' + BigInt.asUintN(8 * length, unscaled).toString(16).padStart(2 * length, '0').toUpperCase()
}
