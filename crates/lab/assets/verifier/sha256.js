// SHA-256 (FIPS 180-4). Browsers have it too, but only for some origins and without an immediate
// answer; here it can also be read.

import { fromBytes, toBytes } from './numbers.js'

/**
 * Returns the first 32 bits behind the point of a root of each of the first primes.
 * @param {number} count how many primes
 * @param {number} root 2 or 3
 */
function rootsOfPrimes(count, root) {
  /** @type {number[]} */
  const primes = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return Uint32Array.from(primes, (prime) => fractionOfRoot(BigInt(prime), BigInt(root)))
}

/**
 * The whole part of `2^32 · prime^(1/root)`, modulo 2^32, by bisection.
 * @param {bigint} prime
 * @param {bigint} root
 */
function fractionOfRoot(prime, root) {
  const target = prime << (32n * root)
  let [low, high] = [0n, prime << 32n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (middle ** root <= target) low = middle
    else high = middle
  }
  return Number(low & 0xffffffffn)
}

const START = rootsOfPrimes(8, 2)
const ROUNDS = rootsOfPrimes(64, 3)

/**
 * @param {number} word
 * @param {number} bits
 */
const rotate = (word, bits) => (word >>> bits) | (word << (32 - bits))

/**
 * Returns the hash of bytes.
 * @param {Uint8Array | number[]} message
 * @returns {bigint} the 32 bytes of the hash as a number
 */
export function sha256(message) {
  // The message, a bit 1, zeros, and the message's length in bits, in blocks of 64 bytes.
  const blocks = Math.ceil((message.length + 9) / 64)
  const padded = new Uint8Array(blocks * 64)
  padded.set(message)
  padded[message.length] = 0x80
  padded.set(toBytes(BigInt(message.length) * 8n).reverse(), padded.length - 8)
  padded.subarray(padded.length - 8).reverse()

  const view = new DataView(padded.buffer)
  const state = START.slice()
  const words = new Uint32Array(64)
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(block * 64 + i * 4)
    for (let i = 16; i < 64; i++) {
      const [w2, w15] = [words[i - 2], words[i - 15]]
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
      words[i] = words[i - 16] + s0 + words[i - 7] + s1
    }
    let [a, b, c, d, e, f, g, h] = state
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const choice = (e & f) ^ (~e & g)
      const first = (h + s1 + choice + ROUNDS[i] + words[i]) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + s0 + majority) | 0]
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word))
  }
  return fromBytes(Array.from(state).flatMap((word) => [24, 16, 8, 0].map((by) => (word >>> by) & 255)))
}
