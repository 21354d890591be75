// The integer that is signed for a text.

import { sha256 } from './sha256.js'

const LOWEST = -(2n ** 31n)
const HIGHEST = 2n ** 31n - 1n

/**
 * Returns the integer that an issuer signs for a text: a number in the signed 32-bit range is
 * itself, everything else the SHA-256 hash of its UTF-8 bytes.
 * @param {string} raw
 * @returns {bigint}
 */
export function encode(raw) {
  if (/^[+-]?[0-9]+$/.test(raw)) {
    const number = BigInt(raw.replace(/^[+-]/, '')) * (raw.startsWith('-') ? -1n : 1n)
    if (number >= LOWEST && number <= HIGHEST) return number
  }
  return sha256(new TextEncoder().encode(raw))
}
