// Base58, in which DIDs and their keys are written.

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * @param {string} text
 * @returns {number[] | undefined} nothing if it is not base58
 */
export function fromBase58(text) {
  let number = 0n
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter)
    if (digit < 0) return undefined
    number = number * 58n + BigInt(digit)
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  const bytes = []
  for (; number > 0n; number /= 256n) bytes.unshift(Number(number % 256n))
  return [...Array(zeros).fill(0), ...bytes]
}

/**
 * @param {number[]} bytes
 * @returns {string}
 */
export function toBase58(bytes) {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text
  const first = bytes.findIndex((byte) => byte !== 0)
  return '1'.repeat(first < 0 ? bytes.length : first) + text
}
