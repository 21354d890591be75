// The values of a message, one by one: name, meaning, length, where it comes from, and how it can be
// recomputed.

import { computationOf } from './computations.js'
import { GROUPS, MEANINGS } from './meanings.js'
import { at } from './pointer.js'
import { bitLength, magnitude } from './verifier/numbers.js'

/** @typedef {import('./computations.js').Context} Context */
/** @typedef {import('./computations.js').Computation} Computation */
/**
 * @typedef {object} Described
 * @property {string} pointer a JSON pointer to the value
 * @property {string} group what it belongs to
 * @property {string} name its symbol, or its path
 * @property {string} meaning
 * @property {import('./meanings.js').Source} source who it comes from
 * @property {any} value
 * @property {string} size its length
 * @property {Computation | undefined} computation how it can be recomputed
 */

/**
 * Returns the values in a message.
 * @param {any} root
 * @param {Context} [context] what computations need
 * @returns {Described[]}
 */
export function describe(root, context = {}) {
  /** @type {Described[]} */
  const found = []
  /**
   * @param {any} value
   * @param {string} pointer
   */
  const visit = (value, pointer) => {
    const isBytes = Array.isArray(value) && value.length > 0 && value.every((byte) => typeof byte === 'number')
    if (/^\/checks\/\d+$/.test(pointer)) {
      const note = value.note ? ` (${value.note})` : ''
      found.push({ pointer, group: groupOf(pointer), name: value.check, meaning: '', source: '', value: value.outcome + note, size: '', computation: undefined })
    } else if (typeof value === 'object' && value !== null && !isBytes) {
      for (const [name, member] of inOrder(value)) visit(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    } else {
      found.push({ pointer, ...explained(root, pointer), value, size: sizeOf(value), computation: computationOf(root, pointer, value, context) })
    }
  }
  visit(root, '')
  return found
}

/** What a reader looks for first. */
const FIRST = ['revealed_attrs', 'primary_proof', 'eq_proof', 'name', 'raw', 'encoded']

/**
 * Returns the members of an object, with those first that a reader looks for.
 * @param {any} value
 * @returns {[string, any][]}
 */
function inOrder(value) {
  const rank = (/** @type {string} */ name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return Object.entries(value).sort(([a], [b]) => rank(a) - rank(b))
}

/**
 * @param {any} root
 * @param {string} pointer
 */
function explained(root, pointer) {
  const known = MEANINGS.find(([pattern]) => pattern.test(pointer))
  const group = known?.[0].exec(pointer)?.[1] ?? ''
  const beside = String(at(root, pointer.replace(/[^/]*$/, '0')) ?? '')
  const fill = (/** @type {string | undefined} */ text) => text?.replaceAll('$1', () => group).replaceAll('$0', () => beside)
  return {
    group: groupOf(pointer),
    name: fill(known?.[1]) || pointer.slice(1).split('/').slice(-2).join(' / '),
    meaning: fill(known?.[2]) ?? '',
    source: known?.[3] ?? '',
  }
}

/** @param {string} pointer */
function groupOf(pointer) {
  const known = GROUPS.find(([pattern]) => pattern.test(pointer))
  return known ? known[1].replace('$1', known[0].exec(pointer)?.[1] ?? '') : ''
}

/**
 * Returns the length of a value: of a large number in bits, bytes and decimal digits.
 * @param {any} value
 */
export function sizeOf(value) {
  if (Array.isArray(value)) return `${value.length} bytes`
  if (typeof value !== 'string') return ''
  if (!/^-?(0|[1-9][0-9]*)$/.test(value)) return value.length === 1 ? '1 character' : `${value.length} characters`
  const bits = bitLength(BigInt(value))
  const digits = String(magnitude(BigInt(value))).length
  return bits <= 32 ? `${bits} ${bits === 1 ? 'bit' : 'bits'}` : `${grouped(bits)} bits, ${Math.ceil(bits / 8)} bytes, ${digits} digits`
}

/** @param {number} number */
const grouped = (number) => number.toLocaleString('en')
