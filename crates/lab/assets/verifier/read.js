// Reads request, presentation and key from JSON, and refuses what is not in their form. Numbers are
// decimal texts; each must be written in the one way in which an honest program writes it.

import { bitLength } from './numbers.js'
import { MAX_DIGITS, MAX_MODULUS_BITS, MAX_NONCE_BITS } from './parameters.js'

/** The name of the link secret among a key's bases. */
export const LINK_SECRET = 'master_secret'

/** @typedef {'GE' | 'LE' | 'GT' | 'LT'} Operator */
/** @typedef {{attribute: string, operator: Operator, value: number}} Predicate */
/**
 * An issuer's public key.
 * @typedef {object} Key
 * @property {bigint} n the modulus
 * @property {bigint} s `S`, which generates the group
 * @property {bigint} z `Z`, the right side of a signature's equation
 * @property {Map<string, bigint>} r `R_i`, the bases of the attributes and of the link secret
 * @property {bigint} rctxt `Rctxt`, the base of the context
 */
/**
 * A request, without restrictions and intervals.
 * @typedef {object} ProofRequest
 * @property {bigint} nonce
 * @property {Map<string, {names: string[], isGroup: boolean}>} attributes referent to folded names
 * @property {Map<string, Predicate>} predicates referent to predicate
 */
/**
 * The answer to a referent of attributes.
 * @typedef {object} AttributeAnswer
 * @property {string} referent
 * @property {'revealed_attrs' | 'revealed_attr_groups' | 'unrevealed_attrs' | 'self_attested_attrs'} member
 * @property {number} subProof -1 for a self-attested value
 * @property {[string, bigint][]} values folded names and encoded values; a single value has no name
 */
/**
 * The proof of one predicate.
 * @typedef {object} PredicateProof
 * @property {Predicate} predicate
 * @property {bigint[]} t `T_0 … T_3`, commitments to the roots
 * @property {bigint} tDelta `T_Δ`, the commitment to the difference
 * @property {bigint[]} u `û_i`, responses for the roots
 * @property {bigint[]} r `r̂_i`, responses for the roots' blindings
 * @property {bigint} rDelta `r̂_Δ`
 * @property {bigint} mj `m̂_j`, the response for the attribute
 * @property {bigint} alpha `α̂`
 */
/**
 * The proof about one credential.
 * @typedef {object} SubProof
 * @property {Map<string, bigint>} revealed `m_i`
 * @property {bigint} aPrime `A'`
 * @property {bigint} e `ê`
 * @property {bigint} v `v̂`
 * @property {Map<string, bigint>} m `m̂_i`
 * @property {bigint} m2 `m̂_2`
 * @property {PredicateProof[]} predicates
 * @property {boolean} hasRevocation
 */
/**
 * @typedef {object} Presentation
 * @property {SubProof[]} subProofs
 * @property {bigint} challenge `c`
 * @property {number[][]} commitments `c_list`
 * @property {AttributeAnswer[]} attributes
 * @property {Map<string, number>} predicates referent to sub-proof
 * @property {string[]} credentialDefinitions
 */

/** A value that is not in its form. */
export class Malformed extends Error {
  /**
   * @param {string} pointer a JSON pointer to the value
   * @param {string} expected
   * @param {string} found
   */
  constructor(pointer, expected, found) {
    super(`${pointer || 'the whole document'}: ${expected} expected, ${found} found`)
    this.pointer = pointer
  }
}

/** A value of a document, and where it is. */
class Place {
  /**
   * @param {unknown} value
   * @param {string} [pointer]
   */
  constructor(value, pointer = '') {
    this.value = value
    this.pointer = pointer
  }

  /**
   * @param {string} expected
   * @param {string} [found]
   * @returns {never}
   */
  refuse(expected, found) {
    const { value } = this
    const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
    throw new Malformed(this.pointer, expected, found ?? (value === undefined ? 'nothing' : kind))
  }

  /** @returns {[string, Place][]} */
  members() {
    const { value } = this
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('an object')
    return Object.entries(value).map(([name, member]) => [name, this.child(name, member)])
  }

  /** @returns {Place[]} */
  elements() {
    const { value } = this
    if (!Array.isArray(value)) this.refuse('an array')
    return value.map((element, index) => this.child(String(index), element))
  }

  /**
   * @param {string} name
   * @returns {Place | undefined} nothing if the member is absent or `null`
   */
  optional(name) {
    const found = this.members().find(([other]) => other === name)?.[1]
    return found?.value === null ? undefined : found
  }

  /**
   * @param {string} name
   * @param {string} [expected]
   * @returns {Place}
   */
  member(name, expected = `the member ${name}`) {
    return this.optional(name) ?? this.child(name, undefined).refuse(expected)
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  child(name, value) {
    return new Place(value, `${this.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }

  /** @returns {string} */
  text() {
    return typeof this.value === 'string' ? this.value : this.refuse('a text')
  }

  /** A number that is not negative. @returns {bigint} */
  number() {
    const expected = 'a decimal number in a text, without leading zeros,'
    const text = typeof this.value === 'string' ? this.value : this.refuse(expected)
    if (text.length > MAX_DIGITS) this.refuse(expected, `a text of ${text.length} characters`)
    if (!/^(0|[1-9][0-9]*)$/.test(text)) this.refuse(expected, 'another text')
    return BigInt(text)
  }

  /** A number that may be negative. @returns {bigint} */
  integer() {
    if (typeof this.value !== 'string' || !/^-[1-9]/.test(this.value)) return this.number()
    return -new Place(this.value.slice(1), this.pointer).number()
  }

  /**
   * A JSON number. (JSON.parse does not tell 18.0 from 18.)
   * @param {number} lowest
   * @param {number} highest
   * @returns {number}
   */
  whole(lowest, highest) {
    const expected = `a whole number from ${lowest} to ${highest}`
    const number = typeof this.value === 'number' ? this.value : this.refuse(expected)
    if (!Number.isInteger(number) || Object.is(number, -0) || number < lowest || number > highest) {
      this.refuse(expected, 'another number')
    }
    return number
  }

  int32() {
    return this.whole(-(2 ** 31), 2 ** 31 - 1)
  }

  index() {
    return this.whole(0, 2 ** 32 - 1)
  }
}

/**
 * Returns an attribute's name as keys and proofs spell it.
 * @param {string} name
 */
export function fold(name) {
  return name.replaceAll(' ', '').toLowerCase()
}

/** @type {Record<string, Operator>} */
const OPERATORS = { '>=': 'GE', '<=': 'LE', '>': 'GT', '<': 'LT' }

/**
 * Reads a proof request.
 * @param {unknown} json
 * @returns {ProofRequest}
 */
export function readRequest(json) {
  const root = new Place(json)
  const version = root.optional('ver')
  if (version && !['1.0', '2.0'].includes(version.text())) version.refuse('version 1.0 or 2.0', 'another')
  const place = root.member('nonce')
  const nonce = place.number()
  if (bitLength(nonce) > MAX_NONCE_BITS) place.refuse(`a nonce of at most ${MAX_NONCE_BITS} bits`, 'a longer one')
  /** @type {ProofRequest} */
  const request = { nonce, attributes: new Map(), predicates: new Map() }
  for (const [referent, asked] of root.optional('requested_attributes')?.members() ?? []) {
    const [name, names] = [asked.optional('name'), asked.optional('names')]
    if (!name === !names) asked.refuse('exactly one of name and names', 'both or neither')
    const folded = (name ? [name] : names?.elements() ?? []).map((each) => fold(each.text()))
    if (folded.length === 0) asked.refuse('the name of an attribute', 'an empty list')
    if (new Set(folded).size < folded.length) asked.refuse('each attribute once', 'an attribute twice')
    request.attributes.set(referent, { names: folded, isGroup: !name })
  }
  for (const [referent, asked] of root.optional('requested_predicates')?.members() ?? []) {
    const symbol = asked.member('p_type')
    request.predicates.set(referent, {
      attribute: fold(asked.member('name').text()),
      operator: OPERATORS[symbol.text()] ?? symbol.refuse('one of >=, <=, >, <', 'another text'),
      value: asked.member('p_value').int32(),
    })
  }
  return request
}

/**
 * Reads the public key in a credential definition.
 * @param {unknown} definition
 * @returns {Key}
 */
export function readKey(definition) {
  const primary = new Place(definition).member('value').member('primary')
  const modulus = primary.member('n')
  const n = modulus.number()
  if (n % 2n === 0n || bitLength(n) < 3 || bitLength(n) > MAX_MODULUS_BITS) {
    modulus.refuse(`an odd modulus of 3 to ${MAX_MODULUS_BITS} bits`, 'another number')
  }
  /** @param {Place} place */
  const element = (place) => {
    const value = place.number()
    return value > 1n && value < n ? value : place.refuse('a number between 1 and the modulus', 'another number')
  }
  const bases = primary.member('r')
  const r = new Map(bases.members().map(([name, place]) => [name, element(place)]))
  const older = primary.optional('rms')
  if (older) r.set(LINK_SECRET, element(older))
  if (!r.has(LINK_SECRET)) bases.refuse(`a base for ${LINK_SECRET} among them`, 'none')
  const [s, z, rctxt] = ['s', 'z', 'rctxt'].map((name) => element(primary.member(name)))
  return { n, s, z, r, rctxt }
}

/**
 * Reads a presentation.
 * @param {unknown} json
 * @returns {Presentation}
 */
export function readPresentation(json) {
  const root = new Place(json)
  const proof = root.member('proof')
  const subProofs = proof.member('proofs').elements().map(readSubProof)
  const aggregated = proof.member('aggregated_proof')
  const commitments = aggregated.member('c_list').elements().map((entry) => entry.elements().map((byte) => byte.whole(0, 255)))
  const identifiers = root.member('identifiers').elements()
  const credentialDefinitions = identifiers.map((identifier) => identifier.member('cred_def_id').text())
  const challenge = aggregated.member('c_hash').number()
  const answers = root.member('requested_proof')
  return { subProofs, challenge, commitments, credentialDefinitions, ...readAnswers(answers) }
}

/**
 * @param {Place} answers
 * @returns {{attributes: AttributeAnswer[], predicates: Map<string, number>}}
 */
function readAnswers(answers) {
  /** @param {string} name */
  const all = (name) => answers.optional(name)?.members() ?? []
  /** @param {Place} answer */
  const subProof = (answer) => answer.member('sub_proof_index').index()
  /** @param {Place} value */
  const encoded = (value) => value.member('encoded').integer()
  /** @type {AttributeAnswer[]} */
  const attributes = []
  for (const [referent, answer] of all('revealed_attrs')) {
    attributes.push({ referent, member: 'revealed_attrs', subProof: subProof(answer), values: [['', encoded(answer)]] })
  }
  for (const [referent, answer] of all('revealed_attr_groups')) {
    /** @type {[string, bigint][]} */
    const values = answer.member('values').members().map(([name, value]) => [fold(name), encoded(value)])
    attributes.push({ referent, member: 'revealed_attr_groups', subProof: subProof(answer), values })
  }
  for (const [referent, answer] of all('unrevealed_attrs')) {
    attributes.push({ referent, member: 'unrevealed_attrs', subProof: subProof(answer), values: [] })
  }
  for (const [referent, answer] of all('self_attested_attrs')) {
    answer.text()
    attributes.push({ referent, member: 'self_attested_attrs', subProof: -1, values: [] })
  }
  const predicates = new Map(all('predicates').map(([referent, answer]) => [referent, subProof(answer)]))
  return { attributes, predicates }
}

/**
 * @param {Place} place
 * @returns {SubProof}
 */
function readSubProof(place) {
  const primary = place.member('primary_proof')
  const equality = primary.member('eq_proof')
  const revealed = equality.member('revealed_attrs').members()
  const m = new Map(equality.member('m').members().map(([name, response]) => [name, response.number()]))
  // In older presentations the response for the link secret stands beside the others.
  const older = equality.optional('m1')
  if (older) {
    if (m.has(LINK_SECRET)) older.refuse('no second response for the link secret', 'one')
    m.set(LINK_SECRET, older.number())
  }
  const [aPrime, e, v, m2] = ['a_prime', 'e', 'v', 'm2'].map((name) => equality.member(name).number())
  return {
    revealed: new Map(revealed.map(([name, value]) => [name, value.integer()])),
    aPrime,
    e,
    v,
    m,
    m2,
    predicates: primary.member('ge_proofs').elements().map(readPredicateProof),
    hasRevocation: place.optional('non_revoc_proof') !== undefined,
  }
}

/**
 * @param {Place} place
 * @returns {PredicateProof}
 */
function readPredicateProof(place) {
  /**
   * @param {string} name
   * @param {string[]} members
   */
  const numbers = (name, members) => {
    const holder = place.member(name)
    if (holder.members().length !== members.length) holder.refuse(`exactly ${members}`, 'more or fewer members')
    return members.map((member) => holder.member(member).number())
  }
  const roots = ['0', '1', '2', '3']
  const [t, r] = ['t', 'r'].map((name) => numbers(name, [...roots, 'DELTA']))
  const predicate = place.member('predicate')
  const code = predicate.member('p_type')
  const operator = Object.values(OPERATORS).find((known) => known === code.text())
  return {
    predicate: {
      attribute: predicate.member('attr_name').text(),
      operator: operator ?? code.refuse('one of GE, LE, GT, LT', 'another text'),
      value: predicate.member('value').int32(),
    },
    t: t.slice(0, 4),
    tDelta: t[4],
    u: numbers('u', roots),
    r: r.slice(0, 4),
    rDelta: r[4],
    mj: place.member('mj').number(),
    alpha: place.member('alpha').integer(),
  }
}
