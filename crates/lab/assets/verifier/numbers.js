// Arithmetic with whole numbers of any size.

/**
 * Returns the length of a number without its sign, in bits. 0 has none.
 * @param {bigint} number
 * @returns {number}
 */
export function bitLength(number) {
  const digits = magnitude(number).toString(16)
  if (digits === '0') return 0
  return (digits.length - 1) * 4 + (32 - Math.clz32(parseInt(digits[0], 16)))
}

/**
 * @param {bigint} number
 * @returns {bigint}
 */
export function magnitude(number) {
  return number < 0n ? -number : number
}

/**
 * Returns the big-endian bytes of a number without leading zeros. 0 has no bytes.
 * @param {bigint} number not negative
 * @returns {number[]}
 */
export function toBytes(number) {
  if (number === 0n) return []
  const digits = number.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  const bytes = []
  for (let at = 0; at < even.length; at += 2) bytes.push(parseInt(even.slice(at, at + 2), 16))
  return bytes
}

/**
 * Returns the number of big-endian bytes.
 * @param {Iterable<number>} bytes
 * @returns {bigint}
 */
export function fromBytes(bytes) {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return BigInt(`0x0${digits}`)
}

/** Exponents are read in windows of this many bits. */
const WINDOW_BITS = 4
const WINDOW_VALUES = 1 << WINDOW_BITS

/**
 * Returns the product of powers `base^exponent` modulo `n`.
 *
 * All exponents are read together from their highest bits, so that the squarings, which are the
 * larger part of the work, are shared (Straus' method): for each window of four bits the result is
 * squared four times, and multiplied by `base^window` of each base.
 *
 * @param {{base: bigint, exponent: bigint}[]} powers exponents are not negative
 * @param {bigint} n
 * @returns {bigint}
 */
export function productOfPowers(powers, n) {
  const rows = powers.map(({ base, exponent }) => {
    const table = [1n]
    for (let power = 1; power < WINDOW_VALUES; power++) table.push((table[power - 1] * base) % n)
    return { table, windows: exponent.toString(WINDOW_VALUES) }
  })
  const length = Math.max(0, ...rows.map((row) => row.windows.length))
  let product = 1n % n
  for (let left = length; left > 0; left--) {
    for (let square = 0; square < WINDOW_BITS; square++) product = (product * product) % n
    for (const { table, windows } of rows) {
      const window = windows[windows.length - left]
      if (window !== undefined && window !== '0') {
        product = (product * table[parseInt(window, WINDOW_VALUES)]) % n
      }
    }
  }
  return product
}

/**
 * Returns the inverse of a number modulo `n`, by Euclid's algorithm.
 * @param {bigint} number
 * @param {bigint} n
 * @returns {bigint | undefined} nothing if they have a common factor
 */
export function inverse(number, n) {
  // Throughout, `a ≡ x·number` and `b ≡ y·number` modulo `n`.
  let [a, x, b, y] = [number % n, 1n, n, 0n]
  while (a !== 0n) {
    const quotient = b / a
    ;[a, b] = [b - quotient * a, a]
    ;[x, y] = [y - quotient * x, x]
  }
  if (b !== 1n) return undefined
  return ((y % n) + n) % n
}
