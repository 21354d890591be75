// What is checked before the equations, in this order. The first check that fails ends it.

import { bitLength, toBytes } from './numbers.js'
import { CHALLENGE_BITS, MAX_RESPONSE_BITS, VALUE_BITS } from './parameters.js'
import { LINK_SECRET } from './read.js'

/** @typedef {import('./read.js').Key} Key */
/** @typedef {import('./read.js').SubProof} SubProof */
/** @typedef {import('./read.js').Predicate} Predicate */
/** @typedef {import('./read.js').PredicateProof} PredicateProof */
/** @typedef {import('./read.js').ProofRequest} ProofRequest */
/** @typedef {import('./read.js').Presentation} Presentation */
/** @typedef {import('./read.js').AttributeAnswer} AttributeAnswer */
/** @typedef {(request: ProofRequest, presentation: Presentation, keys: Key[]) => void} Check */
/** The part of a request that one credential answers. @typedef {{revealed: Set<string>, hidden: Set<string>, predicates: Map<string, Predicate>}} Asked */

/** A reason to refuse a presentation. */
export class Rejection extends Error {
  /**
   * @param {string} check the name that `negotiate-proof verify` has for the check that failed
   * @param {string} message
   * @param {string} [equation] the equation with the number that is wrong, if it is known
   */
  constructor(check, message, equation) {
    super(message)
    this.check = check
    this.equation = equation
  }
}

/**
 * @param {boolean} holds
 * @param {string} check
 * @param {string} message
 * @param {string} [equation]
 */
function require(holds, check, message, equation) {
  if (!holds) throw new Rejection(check, message, equation)
}

/** @param {Predicate} predicate */
const written = ({ attribute, operator, value }) => `${attribute} ${operator} ${value}`

/**
 * @param {Iterable<string>} a
 * @param {Iterable<string>} b
 */
const sameNames = (a, b) => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())

/**
 * The checks in their order, each with its meaning.
 * @type {[meaning: string, check: Check][]}
 */
export const CHECKS = [
  ['The request asks for something, and each sub-proof has a key.', checkCounts],
  ['There is no revocation part, which this verifier could not check.', checkRevocation],
  ['Every referent has exactly one answer.', (request, presentation) => void askedOfEach(request, presentation)],
  ['The challenge is as short as a hash.', checkChallengeLength],
  ['Each sub-proof shows and proves what is asked for, with numbers of an honest length.', checkSubProofs],
  ['The answers show the values that the sub-proofs prove.', checkValues],
  ['All sub-proofs have the same response for the link secret.', checkLinkSecret],
  ['c_list consists of the commitments in the sub-proofs.', checkCommitments],
]

/** @type {Check} */
function checkCounts(request, presentation, keys) {
  require(request.attributes.size + request.predicates.size > 0, 'presentation-shape', 'the request asks for nothing')
  const [subProofs, identifiers] = [presentation.subProofs.length, presentation.credentialDefinitions.length]
  require(
    subProofs === keys.length && identifiers === keys.length,
    'presentation-shape',
    `there are ${subProofs} sub-proofs, ${identifiers} identifiers and ${keys.length} keys`,
  )
}

/** @type {Check} */
function checkRevocation(_, presentation) {
  const index = presentation.subProofs.findIndex((proof) => proof.hasRevocation)
  require(index < 0, 'non-revocation', `sub-proof ${index} has a non-revocation part`)
}

/** @type {Check} */
function checkChallengeLength(_, { challenge }) {
  const bits = bitLength(challenge)
  require(bits <= CHALLENGE_BITS, 'number-range', `the challenge has ${bits} bits, a hash ${CHALLENGE_BITS}`)
}

/**
 * Returns the part of the request that each sub-proof answers.
 * @param {ProofRequest} request
 * @param {Presentation} presentation
 * @returns {Asked[]}
 */
export function askedOfEach(request, presentation) {
  /** @type {Asked[]} */
  const asked = presentation.subProofs.map(() => ({ revealed: new Set(), hidden: new Set(), predicates: new Map() }))
  /**
   * @param {string} referent
   * @param {number} index
   */
  const at = (referent, index) => {
    require(index < asked.length, 'referents', `${referent} is answered by sub-proof ${index}, but there are ${asked.length}`)
    return asked[index]
  }
  const answered = new Set()
  for (const answer of presentation.attributes) {
    const { referent } = answer
    const asking = request.attributes.get(referent)
    if (!asking) throw new Rejection('referents', `the request has no attribute referent ${referent}`)
    require(!answered.has(referent), 'referents', `${referent} is answered twice`)
    answered.add(referent)
    checkMember(answer, asking)
    if (answer.member === 'self_attested_attrs') continue
    const part = at(referent, answer.subProof)
    const names = answer.member === 'unrevealed_attrs' ? part.hidden : part.revealed
    for (const name of asking.names) names.add(name)
  }
  for (const [referent, index] of presentation.predicates) {
    const predicate = request.predicates.get(referent)
    if (!predicate) throw new Rejection('referents', `the request has no predicate referent ${referent}`)
    at(referent, index).predicates.set(written(predicate), predicate)
  }
  const missing = [
    ...[...request.attributes.keys()].filter((referent) => !answered.has(referent)),
    ...[...request.predicates.keys()].filter((referent) => !presentation.predicates.has(referent)),
  ]
  require(missing.length === 0, 'referents', `the referent ${missing[0]} has no answer`)
  return asked
}

/**
 * Checks that an answer is in the member that is for what is asked, with a value for each name.
 * @param {AttributeAnswer} answer
 * @param {{names: string[], isGroup: boolean}} asking
 */
function checkMember({ referent, member, values }, { names, isGroup }) {
  const possible = isGroup ? ['revealed_attr_groups'] : ['revealed_attrs', 'self_attested_attrs']
  require(
    [...possible, 'unrevealed_attrs'].includes(member),
    'referents',
    `${referent} asks for ${isGroup ? 'a group' : 'one attribute'}, but its answer is in ${member}`,
  )
  if (member !== 'revealed_attr_groups') return
  const got = values.map(([name]) => name)
  require(sameNames(names, got), 'referents', `${referent} asks for ${names}, but the answer is for ${got}`)
}

/** @type {Check} */
function checkSubProofs(request, presentation, keys) {
  const asked = askedOfEach(request, presentation)
  presentation.subProofs.forEach((proof, index) => {
    const name = `sub-proof ${index}`
    checkContents(name, proof, asked[index], keys[index])
    checkEquality(name, proof, keys[index])
    proof.predicates.forEach((predicate, number) =>
      checkPredicate(`predicate ${number} of ${name}`, predicate, proof, keys[index]),
    )
  })
}

/**
 * @param {string} part
 * @param {SubProof} proof
 * @param {Asked} asked
 * @param {Key} key
 */
function checkContents(part, proof, { revealed, hidden, predicates }, key) {
  const about = [...predicates.values()].map(({ attribute }) => attribute)
  for (const name of [...revealed, ...hidden, ...about]) {
    require(name !== LINK_SECRET && key.r.has(name), 'hidden-set', `${part}: the credential has no attribute ${name}`)
  }
  const shown = [...proof.revealed.keys()]
  require(sameNames(shown, revealed), 'revealed-set', `${part} reveals [${shown}], but [${[...revealed]}] is asked for`)
  const responses = [...proof.m.keys()]
  const others = [...key.r.keys()].filter((name) => !revealed.has(name))
  require(sameNames(responses, others), 'hidden-set', `${part} has responses for [${responses}], but [${others}] are hidden`)
  const proved = proof.predicates.map(({ predicate }) => written(predicate))
  const expected = [...predicates.keys()]
  require(
    sameNames(proved, expected),
    'predicates',
    `${part} proves ${proved.join(', ') || 'no predicate'}, but the request asks for ${expected.join(', ') || 'none'}`,
  )
}

/**
 * @param {string} part
 * @param {string} equation
 * @param {string} name
 * @param {bigint} value
 * @param {Key} key
 */
function checkElement(part, equation, name, value, key) {
  require(value > 1n && value < key.n, 'number-form', `${part}: ${name} is not between 1 and the modulus`, equation)
}

/**
 * @param {string} part
 * @param {string} equation
 * @param {string} name
 * @param {bigint} value
 * @param {number} limit
 */
function checkLength(part, equation, name, value, limit) {
  const got = bitLength(value)
  require(got <= limit, 'number-range', `${part}: ${name} has ${got} bits, but an honest prover's at most ${limit}`, equation)
}

/**
 * @param {string} part
 * @param {SubProof} proof
 * @param {Key} key
 */
function checkEquality(part, proof, key) {
  checkElement(part, 'T', 'a_prime', proof.aPrime, key)
  checkLength(part, 'T', 'e', proof.e, MAX_RESPONSE_BITS.e)
  checkLength(part, 'T', 'v', proof.v, MAX_RESPONSE_BITS.v)
  checkLength(part, 'T', 'm2', proof.m2, MAX_RESPONSE_BITS.context)
  for (const [name, response] of proof.m) checkLength(part, 'T', `m.${name}`, response, MAX_RESPONSE_BITS.value)
  for (const [name, value] of proof.revealed) checkLength(part, 'T', `revealed_attrs.${name}`, value, VALUE_BITS)
}

/**
 * @param {string} part
 * @param {PredicateProof} proof
 * @param {SubProof} subProof
 * @param {Key} key
 */
function checkPredicate(part, proof, subProof, key) {
  proof.t.forEach((t, i) => {
    checkElement(part, `T${i}`, `t.${i}`, t, key)
    checkLength(part, `T${i}`, `u.${i}`, proof.u[i], MAX_RESPONSE_BITS.value)
    checkLength(part, `T${i}`, `r.${i}`, proof.r[i], MAX_RESPONSE_BITS.r)
  })
  checkElement(part, 'TDELTA', 't.DELTA', proof.tDelta, key)
  checkLength(part, 'TDELTA', 'r.DELTA', proof.rDelta, MAX_RESPONSE_BITS.r)
  checkLength(part, 'TDELTA', 'mj', proof.mj, MAX_RESPONSE_BITS.value)
  checkLength(part, 'Q', 'alpha', proof.alpha, MAX_RESPONSE_BITS.alpha)
  const { attribute } = proof.predicate
  const response = subProof.m.get(attribute)
  require(response !== undefined, 'predicates', `${part}: ${attribute} is revealed, but a predicate needs a hidden attribute`)
  // Otherwise the predicate would be about some number, and not about the credential's value.
  require(response === proof.mj, 'predicate-link', `${part}: mj is not the response for ${attribute}`, 'TDELTA')
}

/** @type {Check} */
function checkValues(request, presentation) {
  for (const { referent, subProof, values } of presentation.attributes) {
    for (const [name, value] of values) {
      const attribute = name || request.attributes.get(referent)?.names[0] || ''
      const proved = presentation.subProofs[subProof].revealed.get(attribute)
      require(proved === value, 'revealed-set', `sub-proof ${subProof} proves another value for ${attribute} than ${referent} shows`)
    }
  }
}

/** @type {Check} */
function checkLinkSecret(_, { subProofs }) {
  const differs = subProofs.findIndex((proof) => proof.m.get(LINK_SECRET) !== subProofs[0].m.get(LINK_SECRET))
  require(differs < 0, 'same-holder', `sub-proof ${differs} has another response for ${LINK_SECRET} than the first`)
}

/**
 * Returns what `c_list` must consist of.
 * @param {Presentation} presentation
 * @returns {{name: string, subProof: number, predicate: number | undefined, number: bigint}[]}
 */
export function commitmentsInOrder({ subProofs }) {
  return subProofs.flatMap((proof, subProof) => [
    { name: 'a_prime', subProof, predicate: undefined, number: proof.aPrime },
    ...proof.predicates.flatMap(({ t, tDelta }, predicate) =>
      [...t, tDelta].map((number, i) => ({ name: `t.${i < 4 ? i : 'DELTA'}`, subProof, predicate, number })),
    ),
  ])
}

/** @type {Check} */
function checkCommitments(_, presentation) {
  const expected = commitmentsInOrder(presentation)
  const got = presentation.commitments
  require(expected.length === got.length, 'challenge-binding', `c_list has ${got.length} entries instead of ${expected.length}`)
  expected.forEach(({ name, number }, position) =>
    require(
      String(toBytes(number)) === String(got[position]),
      'challenge-binding',
      `entry ${position} of c_list is not ${name} in big-endian bytes without leading zeros`,
    ),
  )
}
