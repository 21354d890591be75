// The two proofs before a credential is issued: that the issuer's key is made correctly, which the
// holder checks in an offer, and that the holder knows the blinded link secret, which the issuer checks
// in a request.

import { Rejection } from './check.js'
import { bitLength, inverse, productOfPowers, toBytes } from './numbers.js'
import { CHALLENGE_BITS } from './parameters.js'
import { LINK_SECRET } from './read.js'
import { sha256 } from './sha256.js'

/** @typedef {import('./read.js').Key} Key */
/**
 * A recomputed commitment.
 * @typedef {object} Commitment
 * @property {string} name
 * @property {string} formula
 * @property {bigint} value
 */
/**
 * A proof with all its values.
 * @typedef {object} ProofTrace
 * @property {Commitment[]} commitments
 * @property {{name: string, number: bigint}[]} hashInputs
 * @property {bigint} recomputed the hash of the inputs
 * @property {bigint} claimed the challenge in the proof
 */

/** The name of the check of a key. */
export const KEY_CHECK = 'key-correctness-proof'

/** The name of the check of a blinded link secret. */
export const SECRET_CHECK = 'blinded-link-secret-proof'

/**
 * @param {string} check
 * @param {string} name
 * @param {unknown} text
 * @returns {bigint}
 */
function read(check, name, text) {
  if (typeof text !== 'string' || text.length > 1300 || !/^(0|[1-9][0-9]*)$/.test(text)) {
    throw new Rejection(check, `${name} is not a decimal number in a text`)
  }
  return BigInt(text)
}

/**
 * @param {string} check
 * @param {unknown} text
 */
function readChallenge(check, text) {
  const c = read(check, 'the challenge', text)
  if (bitLength(c) > CHALLENGE_BITS) throw new Rejection(check, `the challenge has ${bitLength(c)} bits, a hash ${CHALLENGE_BITS}`)
  return c
}

/**
 * @param {string} check
 * @param {string} name
 * @param {bigint} number
 * @param {bigint} n
 */
function inverted(check, name, number, n) {
  const result = inverse(number, n)
  if (result === undefined) throw new Rejection(check, `${name} has no inverse`)
  return result
}

/**
 * Recomputes the proof in a credential offer that `Z` and all `R_i` of a key are powers of its `S`.
 * @param {any} offer
 * @param {Key} key
 * @returns {ProofTrace}
 * @throws {Rejection} where nothing can be computed
 */
export function traceKeyProof(offer, key) {
  const proof = offer?.key_correctness_proof
  const c = readChallenge(KEY_CHECK, proof?.c)
  const responses = Array.isArray(proof?.xr_cap) ? proof.xr_cap : []
  const names = responses.map((/** @type {any} */ pair) => String(pair?.[0]))
  const bases = [...key.r.keys()]
  if (JSON.stringify([...names].sort()) !== JSON.stringify([...bases].sort())) {
    throw new Rejection(KEY_CHECK, `the proof is about [${names}], but the key has bases for [${bases}]`)
  }
  const terms = [
    { name: 'Z', short: 'Z', base: key.z, response: read(KEY_CHECK, 'xz_cap', proof.xz_cap) },
    ...responses.map((/** @type {any} */ [name, response]) => ({
      name: `R_${name}`,
      short: name,
      base: key.r.get(name) ?? 0n,
      response: read(KEY_CHECK, `xr_cap of ${name}`, response),
    })),
  ]
  const commitments = terms.map(({ name, short, base, response }) => ({
    name: `${name}~`,
    formula: `${name}^-c · S^x̂_${short}`,
    value: productOfPowers(
      [{ base: inverted(KEY_CHECK, name, base, key.n), exponent: c }, { base: key.s, exponent: response }],
      key.n,
    ),
  }))
  const hashInputs = [
    ...terms.map(({ name, base }) => ({ name, number: base })),
    ...commitments.map(({ name, value }) => ({ name, number: value })),
  ]
  return { commitments, hashInputs, recomputed: sha256(hashInputs.flatMap(({ number }) => toBytes(number))), claimed: c }
}

/**
 * Recomputes the proof in a credential request that its holder knows the blinded link secret.
 * @param {any} request
 * @param {Key} key
 * @param {unknown} offerNonce the nonce of the offer that the request answers
 * @returns {ProofTrace}
 * @throws {Rejection} where nothing can be computed
 */
export function traceSecretProof(request, key, offerNonce) {
  const { blinded_ms: blinded, blinded_ms_correctness_proof: proof } = request ?? {}
  const c = readChallenge(SECRET_CHECK, proof?.c)
  const u = read(SECRET_CHECK, 'u', blinded?.u)
  const [hidden, proved] = [JSON.stringify(blinded?.hidden_attributes), JSON.stringify(Object.keys(proof?.m_caps ?? {}))]
  const expected = JSON.stringify([LINK_SECRET])
  if (hidden !== expected || proved !== expected) {
    throw new Rejection(SECRET_CHECK, `the request hides ${hidden} and proves to know ${proved}, instead of ${expected}`)
  }
  // the issuer's signature on the credential will be proved for this nonce
  read(SECRET_CHECK, 'the nonce', request.nonce)
  const value = productOfPowers(
    [
      { base: inverted(SECRET_CHECK, 'U', u, key.n), exponent: c },
      { base: key.r.get(LINK_SECRET) ?? 0n, exponent: read(SECRET_CHECK, 'm_caps', proof.m_caps[LINK_SECRET]) },
      { base: key.s, exponent: read(SECRET_CHECK, 'v_dash_cap', proof.v_dash_cap) },
    ],
    key.n,
  )
  const commitment = { name: 'U~', formula: `U^-c · R_${LINK_SECRET}^m̂ · S^v̂'`, value }
  const hashInputs = [
    { name: 'U', number: u },
    { name: 'U~', number: value },
    { name: "the offer's nonce", number: read(SECRET_CHECK, "the offer's nonce", offerNonce) },
  ]
  return { commitments: [commitment], hashInputs, recomputed: sha256(hashInputs.flatMap(({ number }) => toBytes(number))), claimed: c }
}
