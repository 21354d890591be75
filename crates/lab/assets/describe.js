// The values of a message, one by one: name, meaning, length, where it comes from, and how it can be
// recomputed.

import { encode } from './verifier/encode.js'
import { bitLength, fromBytes } from './verifier/numbers.js'

/**
 * @typedef {object} Described
 * @property {string} pointer a JSON pointer to the value
 * @property {string} group what it belongs to
 * @property {string} name its symbol, or its path
 * @property {string} meaning
 * @property {string} source where it comes from
 * @property {any} value
 * @property {string} size its length
 * @property {string} computation how it can be recomputed, and whether that gives the same; often nothing
 */

const HOLDER = 'the holder'
const ISSUER = 'the issuer'
const VERIFIER = 'the verifier'

/**
 * By pointer: name, meaning, source. `$1` is the first group of the pattern.
 * @type {[RegExp, string, string, string][]}
 */
const MEANINGS = [
  [/eq_proof\/a_prime$/, "A'", "the blinded signature, A' = A·S^r: A shows in no presentation", HOLDER],
  [/eq_proof\/e$/, 'ê', 'response for the exponent of the signature, e~ + c·(e - 2^596)', HOLDER],
  [/eq_proof\/v$/, 'v̂', "response for the blinding of the signature, v~ + c·v'", HOLDER],
  [/eq_proof\/m\/master_secret$/, 'm̂_master_secret', 'response for the link secret, m~ + c·m: the same in all sub-proofs of one holder', HOLDER],
  [/eq_proof\/m\/(.*)$/, 'm̂_$1', 'response for the hidden attribute $1, m~ + c·m', HOLDER],
  [/eq_proof\/m2$/, 'm̂_2', 'response for the context of the credential, m2~ + c·m2', HOLDER],
  [/eq_proof\/revealed_attrs\/(.*)$/, 'm_$1', 'the revealed value of $1 as the integer that is signed', ISSUER],
  [/ge_proofs\/\d+\/u\/(\d)$/, 'û_$1', 'response for the root u_$1, u~ + c·u', HOLDER],
  [/ge_proofs\/\d+\/r\/DELTA$/, 'r̂_Δ', 'response for the blinding of t_Δ, r~ + c·r', HOLDER],
  [/ge_proofs\/\d+\/r\/(\d)$/, 'r̂_$1', 'response for the blinding of t_$1, r~ + c·r', HOLDER],
  [/ge_proofs\/\d+\/t\/DELTA$/, 't_Δ', 'commitment to the difference between attribute and bound, Z^Δ·S^r_Δ', HOLDER],
  [/ge_proofs\/\d+\/t\/(\d)$/, 't_$1', 'commitment to a root of the difference, Z^u_$1·S^r_$1', HOLDER],
  [/ge_proofs\/\d+\/mj$/, 'm̂_j', 'response for the attribute: that of the sub-proof again', HOLDER],
  [/ge_proofs\/\d+\/alpha$/, 'α̂', 'response for r_Δ - Σ u_i·r_i', HOLDER],
  [/ge_proofs\/\d+\/predicate\/(.*)$/, 'predicate $1', 'the predicate that is proved', VERIFIER],
  [/c_hash$/, 'c', 'the challenge: the hash of what the prover had committed to, and of the nonce', HOLDER],
  [/c_list\/(\d+)$/, 'c_list $1', 'a commitment as bytes, for the hash', HOLDER],
  [/identifiers\/\d+\/(.*)$/, '$1', 'which public data the verifier takes from the ledger', HOLDER],
  [/revealed_attrs\/([^/]*)\/raw$/, '$1, raw', 'the text that people read; only its encoding is signed', HOLDER],
  [/revealed_attrs\/([^/]*)\/encoded$/, '$1, encoded', 'the integer of the text', HOLDER],
  [/([^/]*)\/sub_proof_index$/, '$1, sub_proof_index', 'which sub-proof answers the referent', HOLDER],
  [/non_revoc_proof$/, 'non_revoc_proof', 'the proof of non-revocation; these credentials cannot be revoked', HOLDER],
  [/restrictions\/(.*)$/, 'restriction $1', 'which credentials may answer', VERIFIER],
  [/^\/nonce$/, 'nonce', 'a number that is used once, so that no presentation can be sent twice', VERIFIER],
  [/requested_attributes\/([^/]*)\/name$/, '$1', 'an attribute to be revealed', VERIFIER],
  [/requested_predicates\/([^/]*)\/name$/, '$1', 'the attribute of a predicate', VERIFIER],
  [/requested_predicates\/([^/]*)\/p_type$/, '$1', 'the operator of a predicate', VERIFIER],
  [/requested_predicates\/([^/]*)\/p_value$/, '$1', 'the bound of a predicate', VERIFIER],
  [/primary\/n$/, 'n', 'the modulus, a product of two safe primes that only the issuer knows', ISSUER],
  [/primary\/s$/, 'S', 'a square that generates the group', ISSUER],
  [/primary\/z$/, 'Z', 'the right side of the equation of every signature', ISSUER],
  [/primary\/rctxt$/, 'Rctxt', 'the base of the context of a credential', ISSUER],
  [/primary\/r\/(.*)$/, 'R_$1', 'the base of $1', ISSUER],
  [/xz_cap$/, 'xz_cap', 'response of the key correctness proof: Z is a power of S', ISSUER],
  [/xr_cap\/\d+\/1$/, 'xr_cap', 'response of the key correctness proof: R is a power of S', ISSUER],
  [/blinded_ms\/u$/, 'U', "the link secret, blinded: R_master_secret^m·S^v'", HOLDER],
  [/v_dash_cap$/, "v̂'", "response for the blinding v'", HOLDER],
  [/m_caps\/(.*)$/, 'm̂_$1', 'response for $1, in the proof that the holder knows it', HOLDER],
  [/correctness_proof\/c$/, 'c', 'the challenge of the proof', HOLDER],
  [/values\/([^/]*)\/raw$/, '$1, raw', 'the value as a text', ISSUER],
  [/values\/([^/]*)\/encoded$/, '$1, encoded', 'the value as the integer that is signed', ISSUER],
  [/nonce$/, 'nonce', 'a number that is used once', ''],
]

/**
 * Returns the values in a message.
 * @param {any} root
 * @returns {Described[]}
 */
export function describe(root) {
  /** @type {Described[]} */
  const found = []
  /**
   * @param {any} value
   * @param {string} pointer
   */
  const visit = (value, pointer) => {
    const isBytes = Array.isArray(value) && value.length > 0 && value.every((byte) => typeof byte === 'number')
    if (typeof value === 'object' && value !== null && !isBytes) {
      for (const [name, member] of Object.entries(value)) visit(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      return
    }
    const known = MEANINGS.find(([pattern]) => pattern.test(pointer))
    const group = known?.[0].exec(pointer)?.[1] ?? ''
    const fill = (/** @type {string | undefined} */ text) => text?.replaceAll('$1', group)
    found.push({
      pointer,
      group: groupOf(pointer),
      name: fill(known?.[1]) ?? pointer.slice(1).split('/').slice(-2).join(' / '),
      meaning: fill(known?.[2]) ?? '',
      source: fill(known?.[3]) ?? '',
      value,
      size: sizeOf(value, isBytes),
      computation: computationOf(root, pointer, value),
    })
  }
  visit(root, '')
  return found
}

/**
 * By pointer: what the values belong to.
 * @type {[RegExp, string][]}
 */
const GROUPS = [
  [/^\/requested_proof\//, 'The answers'],
  [/^\/proof\/proofs\/(\d+)\/primary_proof\/eq_proof\//, 'Sub-proof $1: the credential is signed'],
  [/^\/proof\/proofs\/(\d+)\/primary_proof\/ge_proofs\//, 'Sub-proof $1: the predicate holds'],
  [/^\/proof\/proofs\/(\d+)\//, 'Sub-proof $1: revocation'],
  [/^\/proof\/aggregated_proof\//, 'The challenge, and what is hashed'],
  [/^\/identifiers\/(\d+)\//, 'Public data of sub-proof $1'],
  [/^\/requested_attributes\//, 'To be revealed'],
  [/^\/requested_predicates\//, 'To be proved'],
  [/key_correctness_proof\//, 'The key is made correctly'],
  [/blinded_ms_correctness_proof\//, 'The holder knows the blinded link secret'],
  [/primary\//, 'The public key'],
  [/^\/values\//, 'The values'],
]

/** @param {string} pointer */
function groupOf(pointer) {
  const known = GROUPS.find(([pattern]) => pattern.test(pointer))
  return known ? known[1].replace('$1', known[0].exec(pointer)?.[1] ?? '') : ''
}

/**
 * @param {any} value
 * @param {boolean} isBytes
 */
function sizeOf(value, isBytes) {
  if (isBytes) return `${value.length} bytes`
  if (typeof value !== 'string') return ''
  if (/^-?(0|[1-9][0-9]*)$/.test(value)) return `${bitLength(BigInt(value))} bits`
  return `${value.length} characters`
}

/**
 * @param {any} root
 * @param {string} pointer
 * @param {any} value
 */
function computationOf(root, pointer, value) {
  const same = (/** @type {boolean} */ holds) => (holds ? 'the same' : 'NOT the same')
  const encoded = /^(.*)\/encoded$/.exec(pointer)
  if (encoded) {
    const raw = at(root, `${encoded[1]}/raw`)
    if (typeof raw !== 'string') return ''
    const number = encode(raw)
    const how = String(number) === raw ? 'a 32-bit number is itself' : `SHA-256 of the text ${JSON.stringify(raw)}`
    return `${how}: ${same(String(number) === value)}`
  }
  const mj = /^(.*)\/ge_proofs\/\d+\/mj$/.exec(pointer)
  if (mj) {
    const attribute = at(root, pointer.replace(/mj$/, 'predicate/attr_name'))
    return `m̂_${attribute} of the sub-proof: ${same(at(root, `${mj[1]}/eq_proof/m/${attribute}`) === value)}`
  }
  if (/c_list\/\d+$/.test(pointer) && Array.isArray(value)) {
    const number = String(fromBytes(value))
    const match = describeCommitments(root).find(([, other]) => other === number)
    return match ? `the bytes of ${match[0]}` : 'the bytes of NO commitment of the presentation'
  }
  return ''
}

/**
 * @param {any} root
 * @returns {[string, any][]}
 */
function describeCommitments(root) {
  return (root?.proof?.proofs ?? []).flatMap((/** @type {any} */ { primary_proof: proof }) => [
    ["A'", proof?.eq_proof?.a_prime],
    ...(proof?.ge_proofs ?? []).flatMap((/** @type {any} */ { t }) =>
      Object.entries(t ?? {}).map(([name, number]) => [`t_${name === 'DELTA' ? 'Δ' : name}`, number]),
    ),
  ])
}

/**
 * Returns what a JSON pointer points to.
 * @param {any} root
 * @param {string} pointer
 * @returns {any}
 */
export function at(root, pointer) {
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.reduce((value, name) => value?.[name], root)
}
