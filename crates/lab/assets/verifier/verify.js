// A verifier of AnonCreds presentations with CL signatures, without revocation. It computes what
// `crates/cl` computes, in the same order; it shares no code with it.
//
//   read.js        request, presentation and key from JSON
//   check.js       what is checked before the equations
//   equations.js   the equations as products of powers
//   issuance.js    the two proofs before a credential is issued: of the key, and of the link secret
//   numbers.js     powers, products and inverses; sha256.js the hash; encode.js texts as integers

import { CHECKS, Rejection, commitmentsInOrder } from './check.js'
import { equationsOf, valueOf } from './equations.js'
import { toBytes } from './numbers.js'
import { sha256 } from './sha256.js'

/** @typedef {import('./read.js').Key} Key */
/** @typedef {import('./read.js').ProofRequest} ProofRequest */
/** @typedef {import('./read.js').Presentation} Presentation */
/** @typedef {import('./equations.js').Equation & {value: bigint}} Recomputed */
/** @typedef {{name: string, subProof: number | undefined, predicate: number | undefined, number: bigint, computed: boolean}} HashInput */
/**
 * A verification with all its values.
 * @typedef {object} Trace
 * @property {Recomputed[]} equations
 * @property {HashInput[]} hashInputs
 * @property {bigint} recomputed the hash of the inputs
 * @property {bigint} claimed the challenge in the presentation
 */

/**
 * Verifies a presentation with the key of each of its sub-proofs.
 *
 * It does not check restrictions, intervals and raw values.
 *
 * @param {ProofRequest} request
 * @param {Presentation} presentation
 * @param {Key[]} keys
 * @returns {Trace}
 * @throws {Rejection} the first check that fails
 */
export function verify(request, presentation, keys) {
  for (const [, check] of CHECKS) check(request, presentation, keys)
  const result = trace(request, presentation, keys)
  if (result.recomputed !== result.claimed) {
    throw new Rejection('mathematics', `the hash of the recomputed values is ${result.recomputed}, but the challenge is ${result.claimed}`)
  }
  return result
}

/**
 * Recomputes all values, whether they lead to the challenge or not.
 * @param {ProofRequest} request
 * @param {Presentation} presentation
 * @param {Key[]} keys
 * @returns {Trace}
 */
export function trace(request, presentation, keys) {
  const equations = presentation.subProofs.flatMap((proof, index) =>
    equationsOf(index, proof, keys[index], presentation.challenge).map((equation) => {
      const value = valueOf(equation, keys[index].n)
      if (value !== undefined) return { ...equation, value }
      throw new Rejection('mathematics', `sub-proof ${index}: a denominator of ${equation.name} has no inverse`, equation.name)
    }),
  )
  /** @type {HashInput[]} */
  const hashInputs = [
    ...equations.map(({ name, subProof, predicate, value }) => ({ name, subProof, predicate, number: value, computed: true })),
    ...commitmentsInOrder(presentation).map((commitment) => ({ ...commitment, computed: false })),
    { name: 'nonce', subProof: undefined, predicate: undefined, number: request.nonce, computed: false },
  ]
  // One number follows the other, without lengths or separators.
  const recomputed = sha256(hashInputs.flatMap(({ number }) => toBytes(number)))
  return { equations, hashInputs, recomputed, claimed: presentation.challenge }
}
